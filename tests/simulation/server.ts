/** The lines to the real server's processes: over two pipes each, waited for, so that nothing else depends on timing. */

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface Reply {
  status: number;
  headers: { [name: string]: string };
  body: string;
}

export interface Log {
  /** id, person, phone id, number, provider. */
  records: [string, string, string, number, string][];
  digests: { [dev: string]: { n: number; x: string } };
  wrong_digests: string[];
  rebuilt_otherwise: string[];
  passes: string[];
  attempts: string[];
  held: string[];
  /** Record whose pass a manager took away, and how many errata its edition had then. */
  taken: [string, number][];
}

export interface Message {
  do: string;
  [more: string]: unknown;
}

/** One process of the server. */
class ServerProcess {
  private readonly child: ChildProcess;
  private readonly asking: number;
  private readonly answering: number;
  private readonly folder: string;
  private rest = '';
  private readonly piece = Buffer.alloc(1 << 16);

  constructor(root: string, memory: string, database: string) {
    this.folder = mkdtempSync(join(memory, 'simulation-'));
    const [requests, replies] = [join(this.folder, 'requests'), join(this.folder, 'replies')];
    execFileSync('mkfifo', [requests, replies]);
    this.child = spawn(join(root, '.venv/bin/python'), ['-m', 'tests.simulation.server', this.folder, requests, replies, database], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    this.asking = openSync(requests, 'w');
    this.answering = openSync(replies, 'r');
  }

  get pid(): number {
    return this.child.pid!;
  }

  tell(said: Message): void {
    writeSync(this.asking, `${JSON.stringify(said)}\n`);
  }

  /** The answer to what was told first and not yet answered; throws when the process is gone. */
  answer<T>(): T {
    for (;;) {
      const end = this.rest.indexOf('\n');
      if (end >= 0) {
        const line = this.rest.slice(0, end);
        this.rest = this.rest.slice(end + 1);
        const answer = JSON.parse(line) as T & { failed?: string };
        if (answer.failed) throw new Error(answer.failed);
        return answer;
      }
      // The answers are ASCII, so a piece never ends within a letter.
      const count = readSync(this.answering, this.piece);
      if (!count) throw new Error('The server process is gone.');
      this.rest += this.piece.toString('latin1', 0, count);
    }
  }

  ask<T>(said: Message): T {
    this.tell(said);
    return this.answer<T>();
  }

  /** It ends when nobody asks any more, and only then has put away what it started. */
  stop(): void {
    closeSync(this.asking);
    while (readSync(this.answering, this.piece) > 0);
    closeSync(this.answering);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A server of one or more processes on one database; the first owns it. */
export class Server {
  private readonly processes: ServerProcess[];
  private turn = 0;

  constructor(root: string, memory: string, database: string, count: number) {
    const first = new ServerProcess(root, memory, database);
    this.processes = [first];
    const { url } = first.ask<{ url: string }>({ do: 'where' });
    while (this.processes.length < count) this.processes.push(new ServerProcess(root, memory, url));
  }

  get pids(): number[] {
    return this.processes.map((one) => one.pid);
  }

  /** Ask for one thing and wait. Requests go to the processes in turn, one at a time: a seed stays repeatable. */
  ask<T>(said: Message): T {
    const [first, ...others] = this.processes as [ServerProcess, ...ServerProcess[]];
    switch (said.do) {
      case 'request':
        return this.processes[this.turn++ % this.processes.length]!.ask<T>(said);
      case 'reset':
        this.turn = 0;
        others.forEach((one, place) => one.ask({ ...said, seed: Number(said.seed) + 1_000_000 * (place + 1) }));
        return first.ask<T>(said);
      case 'backup':
      case 'restore':
        for (const one of others) one.ask({ do: 'let_go' });
        return first.ask<T>(said);
      case 'become':
        // In the middle of an upgrade one process is new and the others are not.
        for (const one of said.first ? [] : others) one.ask(said);
        return first.ask<T>(said);
      default:
        return first.ask<T>(said);
    }
  }

  /** Ask for many things at the same moment. With several processes they really meet, and no two runs need be alike. */
  askAtOnce<T>(all: readonly Message[]): T[] {
    const of = (place: number): ServerProcess => this.processes[place % this.processes.length]!;
    const answers: T[] = [];
    for (let place = 0; place < all.length; place += this.processes.length) {
      const now = all.slice(place, place + this.processes.length);
      now.forEach((said, index) => of(index).tell(said));
      now.forEach((_, index) => answers.push(of(index).answer<T>()));
    }
    return answers;
  }

  stop(): void {
    for (const one of [...this.processes].reverse()) one.stop();
  }
}
