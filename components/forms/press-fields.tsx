/** What a press carries unseen: its key, so that it acts once, and what it is about. */
export const PressFields = ({ formKey, fields }: { formKey: string; fields: Record<string, string> }) =>
  Object.entries({ key: formKey, ...fields }).map(([name, value]) => (
    <input key={name} type="hidden" name={name} value={value} />
  ));
