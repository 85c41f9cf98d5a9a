import { UnknownRunbook } from '@/components/shell/unknown-here';

export default function NoSuchRunbook() {
  return <UnknownRunbook />;
}
