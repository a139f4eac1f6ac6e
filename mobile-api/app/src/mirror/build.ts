/** Which build of the app a page is: the name of its entrance, which has the hash of all that is below; "" where it has none. */
export function buildOf(page: Pick<Document, "querySelector"> = document): string {
  const entrance = page.querySelector('script[type=module][src*="/assets/"]')?.getAttribute("src") ?? "";
  const [, name = ""] = /\/assets\/([\w.-]{1,120})\.js$/.exec(entrance) ?? [];
  return name.replaceAll(".", "_");
}
