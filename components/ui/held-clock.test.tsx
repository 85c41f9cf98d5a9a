import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
import { ClockProvider, HeldClock, useHeldSince, useServerClock } from './clock';

const asOf = '2026-11-21T13:21:17.000Z';
function Shown() {
  return `${new Date(useServerClock()()).toISOString()} held ${useHeldSince() !== null}`;
}
const shownAt = (now: string) =>
  renderToString(
    <ClockProvider now={now} zone="UTC">
      <HeldClock asOf={asOf} running>
        <Shown />
      </HeldClock>
    </ClockProvider>,
  );

it('stands where it was once the last reading below it is too old, and never goes back to that', () => {
  expect(shownAt('2026-11-21T13:21:20.000Z')).toBe('2026-11-21T13:21:20.000Z held false');
  expect(shownAt('2026-11-21T13:21:51.000Z')).toBe('2026-11-21T13:21:25.000Z held true');
});
