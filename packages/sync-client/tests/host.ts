/**
 * Hosts clients for the simulation: a line of JSON comes in, the client runs until it waits, a line says what it did.
 * Time, chance, network and storage are the simulation's, so that a seed decides everything.
 */
import { createInterface } from 'node:readline';
import { Device, type Command } from './device.js';

const devices = new Map<string, Device>();
process.on('unhandledRejection', (error) => { console.error(error); process.exit(3); });
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as Command;
  if (command.do === 'start') devices.set(command.device, new Device(command));
  const device = devices.get(command.device)!;
  if (command.do === 'end') devices.delete(command.device);
  else device.do(command);
  await new Promise(setImmediate); // when nothing is left to do but to wait
  process.stdout.write(`${JSON.stringify(device.effects)}\n`);
  device.effects = [];
}
