import type { WizardDto } from '@/lib/views/dto';

/** Why a step of the machine has no plan: it comes later, or never any more and what can be done instead. */
export function noPlanWords({ state, exit, extra }: Pick<WizardDto, 'state' | 'exit' | 'extra'>): string {
  switch (state) {
    case 'rolled_back': {
      const offered = (act: 'data-rollback' | 'abandon'): boolean =>
        [exit, ...extra].some((one) => one?.act === act && !one.disabledReason);
      const moves = [
        ...(offered('data-rollback') ? ['roll the data back'] : []),
        ...(offered('abandon') ? ['abandon this cutover and plan a new one'] : []),
      ].join(', or ');
      return `No plan: after the rollback this step does not come any more.${moves ? ` What is left: ${moves}.` : ''}`;
    }
    case 'closed':
    case 'abandoned':
      return 'No plan: this cutover is over.';
    default:
      return 'No plan yet. It is made as soon as the steps before have passed.';
  }
}
