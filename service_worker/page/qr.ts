/** Squares for a camera, as a file of its own beside the passport (practice has them in its own). */

import type * as squares from './practice/qr.ts';

export { qr } from './practice/qr.ts';

export type QrFile = typeof squares;
