/** Squares for a camera, as a file of its own beside the passport (practice has them in its own). */

export { qr } from './practice/qr.ts';

export type QrFile = typeof import('./practice/qr.ts');
