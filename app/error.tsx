'use client';
import { Failure } from '@/components/shell/failure';
import { FullPage } from '@/components/shell/full-page';

export default function RootError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <FullPage width="max-w-[680px]">
      <Failure digest={error.digest} onRetry={reset} />
    </FullPage>
  );
}
