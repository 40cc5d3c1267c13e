import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A machine that wakes twice from the same sleep draws the same random numbers twice, unless it is told. The host has
 * written fresh ones to /dev/urandom; this makes the kernel use them at once.
 */
const RNDRESEEDCRNG = 0x5207;
const koffi = createRequire('/tessera/hardware/dist/')('koffi');
const ioctl = koffi.load('libc.so.6').func('int ioctl(int, unsigned long, void *)');
mkdirSync('/run/asleep', { recursive: true });
writeFileSync('/run/asleep/reseed', '');
while (!existsSync('/run/reseed')) await sleep(50);
const file = openSync('/dev/urandom', 'w');
if (ioctl(file, RNDRESEEDCRNG, null) !== 0) throw new Error('the kernel did not take fresh random numbers');
closeSync(file);
writeFileSync('/run/reseeded', '');
