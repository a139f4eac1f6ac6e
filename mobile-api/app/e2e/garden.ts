// A page's worth of secrets: each place where a page can have one has its own.

/** A secret for a place: nothing of it is a word of any language. */
const of = (place: string, n: number) => `Zq${place}${(n * 7919 + 1013).toString(36)}xKv`;

const places = [
  // texts
  "text", "split", "heading", "button", "label", "output", "editable", "pre", "cell", "caption", "summary", "svgtext", "svgtitle", "comment", "noscript", "tooltip",
  // forms
  "input", "password", "hidden", "textarea", "option", "selected", "datalist", "checkbox", "radio", "submit", "placeholder", "pattern", "number", "search", "legend",
  // attributes
  "id", "for", "name", "title", "alt", "arialabel", "datacustom", "datalabel", "datavariant", "classfree", "href", "query", "fragment", "src", "srcset", "action", "lang", "datetime",
  // styles and frames
  "property", "stylevalue", "content", "background", "iframe", "srcdoc", "meta", "path",
  // typed, key by key
  "typed", "typedpassword", "typedarea", "typededitable",
] as const;

export const garden: Record<string, string> = Object.fromEntries(places.map((place, n) => [place, of(place, n)]));
export const planted = Object.values(garden).filter((_, n) => places[n] !== "classfree"); // a class is no place for a text: see scrub

/** Runs in the page: plants all that is not typed. */
export function plant(s: Record<string, string>) {
  const g = (name: string) => s[name] ?? "";
  const bed = document.createElement("section");
  bed.id = "garden";
  bed.innerHTML = `
    <p>${g("text")}</p><h3>${g("heading")}</h3><button type="button">${g("button")}</button><label for="${g("for")}">${g("label")}</label>
    <output>${g("output")}</output><div contenteditable="true">${g("editable")}</div><pre>${g("pre")}</pre>
    <div role="tooltip">${g("tooltip")}</div><time datetime="${g("datetime")}">•••</time>
    <table><caption>${g("caption")}</caption><tbody><tr><td>${g("cell")}</td></tr></tbody></table>
    <details><summary>${g("summary")}</summary></details><svg viewBox="0 0 9 9"><title>${g("svgtitle")}</title><text>${g("svgtext")}</text>
    <path d="M0 0h1" aria-label="${g("path")}"></path></svg><!--${g("comment")}--><noscript>${g("noscript")}</noscript>
    <form action="/x?${g("action")}"><input value="${g("input")}"><input type="password" value="${g("password")}"><input type="hidden" value="${g("hidden")}">
    <textarea>${g("textarea")}</textarea><select><option>${g("option")}</option><option selected value="${g("selected")}">x</option></select>
    <datalist><option value="${g("datalist")}"></option></datalist><input type="checkbox" value="${g("checkbox")}"><input type="radio" value="${g("radio")}">
    <input type="submit" value="${g("submit")}"><input placeholder="${g("placeholder")}"><input pattern="${g("pattern")}">
    <input type="search" value="${g("search")}"><input data-x="${g("number")}" type="number"><fieldset><legend>${g("legend")}</legend></fieldset></form>
    <i id="${g("id")}"></i><i name="${g("name")}"></i><i title="${g("title")}"></i><img alt="${g("alt")}"><i aria-label="${g("arialabel")}"></i>
    <i data-custom="${g("datacustom")}"></i><i data-label="${g("datalabel")}"></i><i data-variant="${g("datavariant")}"></i>
    <a href="/${g("href")}">x</a><a href="/x?t=${g("query")}">x</a><a href="/x#${g("fragment")}">x</a><img src="/${g("src")}.png">
    <img srcset="/${g("srcset")}.png 2x"><i lang="${g("lang")}"></i><i style="--${g("property")}: 1"></i><i style="grid-area: ${g("stylevalue")}"></i>
    <i style="background: url(/${g("background")}.png)"></i><iframe title="x" name="${g("iframe")}"></iframe><iframe title="x" srcdoc="<p>${g("srcdoc")}</p>"></iframe>
    <input id="t1"><input id="t2" type="password"><textarea id="t3"></textarea><div id="t4" contenteditable="true">.</div>`;
  const split = document.createElement("p");
  split.append("Device ", g("split"));
  const meta = document.createElement("meta");
  meta.name = "secret";
  meta.content = g("meta");
  const style = document.createElement("i");
  style.setAttribute("data-mantine-content", g("content"));
  bed.append(split, meta, style);
  document.querySelector("main")?.append(bed);
}
