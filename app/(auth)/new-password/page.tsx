import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { NewPasswordForm } from '@/components/people/new-password-form';
import { newPasswordAction } from './actions';

export const metadata: Metadata = { title: 'New password' };

export default function NewPasswordPage() {
  return <NewPasswordForm action={newPasswordAction} firstKey={randomUUID()} />;
}
