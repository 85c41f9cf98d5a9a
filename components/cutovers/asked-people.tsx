import { ChoiceBox } from '@/components/ui/choice-box';
import type { NewCutoverDto } from '@/lib/views/dto';

type Props = { reviewers: NewCutoverDto['reviewers']; error: string | undefined };

/** Those whose sign-off is waited for by name. */
export const AskedPeople = ({ reviewers, error }: Props) => (
  <fieldset>
    <legend className="mb-1 block text-t2">People asked to sign it off</legend>
    {reviewers.length === 0 ? (
      <p className="text-t3">No other person has the role reviewer yet; an admin adds one.</p>
    ) : (
      <div className="flex flex-wrap gap-x-5 gap-y-1">
        {reviewers.map(({ id, name }) => (
          <ChoiceBox key={id} name="asked" value={id}>
            <span className="text-t1">{name}</span>
          </ChoiceBox>
        ))}
      </div>
    )}
    <p className="mt-1 text-12 text-t3">Nobody chosen asks every reviewer. Whoever runs a step never signs it.</p>
    {error && (
      <p role="alert" className="mt-1 text-12 text-red">
        {error}
      </p>
    )}
  </fieldset>
);
