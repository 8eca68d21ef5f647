/** The product's own code as one simulated tab runs it. Built into one script and begun anew for each tab. */

export { digest } from '../../service_worker/core/digest.ts';
export { newRecord } from '../../service_worker/core/records.ts';
export { rowFor } from '../../service_worker/page/enrol.ts';
export { gather, standingOf } from '../../service_worker/page/facts.ts';
export { callJudgedSent } from '../../service_worker/page/judged.ts';
export { signIn } from '../../service_worker/page/sign-in.ts';
export { editionsOf, inUse } from '../../service_worker/store/editions.ts';
export { exportWaiting } from '../../service_worker/store/leaving.ts';
export { removePerson } from '../../service_worker/store/removing.ts';
export { keep, saveDraft } from '../../service_worker/store/person.ts';
export { putPerson, setValue } from '../../service_worker/store/phone.ts';
export { offset } from '../../service_worker/sync/clock.ts';
export { download } from '../../service_worker/sync/download.ts';
export { fetchNews, fetchRest } from '../../service_worker/sync/fetch-news.ts';
export { sendAll } from '../../service_worker/sync/send.ts';
