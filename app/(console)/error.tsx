'use client';
import { Failure } from '@/components/shell/failure';

export default function ConsoleError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className="mx-auto w-full max-w-[680px] p-6 max-md:p-4">
      <Failure digest={error.digest} onRetry={reset} />
    </div>
  );
}
