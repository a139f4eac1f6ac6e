import Holidays from "date-holidays";

export type Holiday = { date: string; name: string };

/** The countries whose clocks are the home's, the reader's language first. */
export function countriesOf(zone: string): { code: string; name: string }[] {
  const all = new Holidays().getCountries();
  const inZone = Object.entries(all).filter(([code]) => new Holidays(code).getTimezones().includes(zone));
  const found = inZone.length > 0 ? inZone : Object.entries(all);
  return found.map(([code, name]) => ({ code, name }));
}

/** The public holidays of a country from a date on, for a year, in the reader's language. */
export function holidaysFrom(country: string, from: string, language: string): Holiday[] {
  const calendar = new Holidays(country, { languages: [language], types: ["public"] });
  const year = Number(from.slice(0, 4));
  return [year, year + 1]
    .flatMap((y) => calendar.getHolidays(y))
    .map(({ date, name }) => ({ date: date.slice(0, 10), name }))
    .filter(({ date }) => date >= from && date < `${year + 1}${from.slice(4)}`);
}
