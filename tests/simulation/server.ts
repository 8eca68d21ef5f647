/** The line to the real server: one request at a time over two pipes, waited for, so that nothing depends on timing. */

import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface Reply {
  status: number;
  headers: { [name: string]: string };
  body: string;
}

export interface Log {
  /** id, person, phone id, number. */
  records: [string, string, string, number][];
  digests: { [dev: string]: { n: number; x: string } };
  wrong_digests: string[];
  rebuilt_otherwise: string[];
  passes: string[];
  attempts: string[];
  held: string[];
}

export class ServerProcess {
  private readonly child: ChildProcess;
  private readonly asking: number;
  private readonly answering: number;
  private readonly folder: string;
  private rest = '';
  private readonly piece = Buffer.alloc(1 << 16);

  constructor(root: string, memory: string) {
    this.folder = mkdtempSync(join(memory, 'simulation-'));
    const [requests, replies] = [join(this.folder, 'requests'), join(this.folder, 'replies')];
    execFileSync('mkfifo', [requests, replies]);
    this.child = spawn(join(root, '.venv/bin/python'), ['-m', 'tests.simulation.server', this.folder, requests, replies], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    this.asking = openSync(requests, 'w');
    this.answering = openSync(replies, 'r');
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Ask for one thing and wait for the answer; throws when the process is gone. */
  ask<T>(said: { do: string; [more: string]: unknown }): T {
    writeSync(this.asking, `${JSON.stringify(said)}\n`);
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

  stop(): void {
    closeSync(this.asking);
    closeSync(this.answering);
    this.child.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
