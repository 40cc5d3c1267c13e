/** The weekday before. */
export function dayBefore(weekday: number): number {
  return weekday === 1 ? 7 : weekday - 1;
}

/** True for the day of the year on which a birthday is kept: of a leap day, in common years, 28 February. */
export function isBirthday(date: string, birthday: string): boolean {
  if (date.endsWith(birthday)) return true;
  return birthday === '02-29' && date.endsWith('02-28') && !isLeapYear(Number(date.slice(0, 4)));
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
