/** Lessons that wait for Wi-Fi, because somebody said so (lessons-again.ts). */

import { setValue, value } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';

/** Did somebody say "later", and is this no Wi-Fi? Then lessons come one by one, as they are opened. */
export async function later(deps: Pick<Deps, 'connection'>): Promise<boolean> {
  const line = deps.connection();
  return !(line?.type === 'wifi' && !line.saveData) && (await value('settings'))?.['later'] === true;
}

export const setLater = async (waits: boolean): Promise<unknown> => setValue('settings', { ...(await value('settings')), later: waits });
