import { UnknownProfile } from '@/components/shell/unknown-here';

export default function NoSuchProfile() {
  return <UnknownProfile />;
}
