import { expect } from 'chai';
import { HEARTBEAT, Heartbeat } from '#src/bridge/heartbeat.js';
import { ManualClock } from '../support/manual-clock.js';

describe('Heartbeat', () => {
  function beating() {
    const clock = new ManualClock();
    const seen = { pings: 0, silences: [] as number[] };
    const heartbeat = new Heartbeat({
      clock,
      timing: HEARTBEAT,
      ping: () => {
        seen.pings += 1;
      },
      onSilence: (silentMs) => seen.silences.push(silentMs),
    });
    heartbeat.start();
    return { clock, heartbeat, seen };
  }

  it('notices silence within 5 seconds, once', async () => {
    const { clock, seen } = beating();
    await clock.advance(4_500);
    expect(seen.silences).to.deep.equal([4_000]);
    for (let second = 1; second <= 10; second += 1) await clock.advance(1_000);
    expect(seen.silences).to.have.length(1);
  });

  it('goes on as long as it is answered', async () => {
    const { clock, heartbeat, seen } = beating();
    for (let second = 1; second <= 20; second += 1) {
      heartbeat.heard();
      await clock.advance(1_000);
    }
    expect(seen).to.deep.equal({ pings: 41, silences: [] });
    heartbeat.stop();
  });

  it('does not blame the worker for a blocked host or a machine that slept', async () => {
    const { clock, heartbeat, seen } = beating();
    for (let times = 1; times <= 10; times += 1) {
      clock.jump(60_000);
      await clock.advance(HEARTBEAT.intervalMs);
    }
    expect(seen.silences).to.deep.equal([]);
    heartbeat.stop();
  });

  it('ends when it is stopped', async () => {
    const { clock, heartbeat, seen } = beating();
    heartbeat.stop();
    for (let second = 1; second <= 10; second += 1) await clock.advance(1_000);
    expect(seen).to.deep.equal({ pings: 1, silences: [] });
  });
});
