// The list of lessons, or one of them; what was read waits in IndexedDB until the server has it.
const main = document.querySelector('main');

const database = new Promise((resolve, reject) => {
  const asked = indexedDB.open('floor', 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore('outbox', { keyPath: 'id' });
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

async function outbox(act) {
  const change = (await database).transaction('outbox', 'readwrite');
  const asked = act(change.objectStore('outbox'));
  await new Promise((resolve, reject) => {
    change.oncomplete = resolve;
    change.onerror = () => reject(change.error);
  });
  return asked.result;
}

async function send() {
  const records = await outbox((store) => store.getAll());
  if (!records.length) return;
  const answer = await fetch('/records', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ records }) });
  for (const id of (await answer.json()).receipts) await outbox((store) => store.delete(id));
}

async function read(number) {
  await outbox((store) => store.put({ id: crypto.randomUUID(), lesson: number, at: new Date().toISOString() }));
  document.querySelector('output').textContent = 'Saved on this phone';
  send().catch(() => undefined);
}

async function show() {
  const lessons = await (await fetch('/lessons.json')).json();
  const number = /^\/lesson\/(\d+)$/.exec(location.pathname)?.[1];
  if (number === undefined) {
    main.innerHTML = `<h1>Lessons</h1><ul>${lessons.map((one, at) => `<li><a href="/lesson/${at}">${one.title}</a>`).join('')}</ul>`;
  } else {
    const lesson = lessons[number];
    main.innerHTML = `<h1>${lesson.title}</h1>${lesson.html}<button>I have read this</button> <output></output>`;
    document.querySelector('button').onclick = () => read(Number(number));
  }
  document.body.dataset.lessons = lessons.length;
}

addEventListener('online', () => send().catch(() => undefined));
// All is kept once the worker stands: it keeps the lessons before it does.
navigator.serviceWorker.register('/worker.js');
navigator.serviceWorker.ready.then(async () => {
  await show();
  document.body.dataset.kept = '';
  await send().catch(() => undefined);
});
