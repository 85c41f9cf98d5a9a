/** Text with `code` between back ticks. */
export function WithCode({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name
      <code key={index} className="font-mono text-[0.923em]">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
