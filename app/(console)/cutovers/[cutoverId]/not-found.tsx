import { UnknownCutover } from '@/components/shell/unknown-here';

export default function NoSuchCutover() {
  return <UnknownCutover />;
}
