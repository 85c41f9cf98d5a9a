import { CutoverError } from '@/lib/errors';
import { cardsTogether } from '@/lib/services/flight-card';
import { findFlightCard, rollBackFromCard } from '@/lib/cli/break-glass';
import { confirmTyped, exitCodes, readOptions, type Command } from '@/lib/cli/command';
import { hostSecrets } from '@/lib/cli/secrets';

const usage = 'cutover rollback SYSTEM/SOURCE_ID --break-glass --reason TEXT [--type SOURCE_ID]';

/** A runtime rollback from this host. Works from the flight card alone, with web, target and control plane down. */
export const rollback: Command = {
  summary:
    'return a switched profile to its source backend from this host: SYSTEM/SOURCE_ID --break-glass --reason TEXT',
  async run(argv, output) {
    const { values, positionals } = readOptions(
      argv,
      {
        'break-glass': { type: 'boolean' },
        reason: { type: 'string' },
        type: { type: 'string' },
      },
      usage,
    );
    const [system, ...rest] = (positionals[0] ?? '').split('/');
    const sourceId = rest.join('/');
    if (!system || !sourceId || !values['break-glass'] || !values.reason || values.reason.length < 8)
      throw new CutoverError({
        code: 'input_invalid',
        message:
          'A rollback from this host takes SYSTEM/SOURCE_ID, --break-glass and a reason of at least 8 characters.',
        advice: `Usage: ${usage}`,
      });
    const card = findFlightCard(system, sourceId);
    output.line(
      `Rolls ${system}/${sourceId} back from ${card.to} to ${card.from}: card of ${card.writtenAt}, cutover ${card.cutoverId}.`,
    );
    output.line(
      'There is no way back for new writes: rows written to the target since the switch stay there and are missing in the source.',
    );
    await confirmTyped(values.type, sourceId, 'roll back');
    const given = { reason: values.reason, secret: hostSecrets(), say: output.line };
    const act = await rollBackFromCard(card, given);
    // Behind one process they were switched by one press: the others stand on the old side as well, but still fenced.
    for (const other of cardsTogether(card)) await rollBackFromCard(other, given);
    output.result(act);
    return act.observed === card.from ? exitCodes.done : exitCodes.failed;
  },
};
