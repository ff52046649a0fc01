import { Title } from "@mantine/core";

export function FirstPage() {
  return <Title order={1}>Sigap</Title>;
}
