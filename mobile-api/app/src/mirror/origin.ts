/**
 * The origin that the server has written into a page under a name; the page's own where it has written none, or nobody has
 * written (without a server of ours the place for it is still there).
 */
export function originIn(name: "carebox-mirror" | "carebox-app", own: string, page: Pick<Document, "querySelector"> = document): string {
  const said = page.querySelector<HTMLMetaElement>(`meta[name=${name}]`)?.content ?? "";
  return /^https?:\/\/[\w.:[\]-]+$/.test(said) ? said : own;
}
