/** What people call the operator, as the server put it into the page; "" where it does not say. */
export function operatorOf(content: string | undefined): string {
  const name = content?.trim() ?? "";
  return name.startsWith("{{") ? "" : name; // a page that no server has filled
}

export function operatorName(): string {
  return operatorOf(document.querySelector<HTMLMetaElement>("meta[name=carebox-operator]")?.content);
}
