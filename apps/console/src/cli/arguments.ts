/** Reads values from the command line, refusing what the API would not understand. */
import { InvalidArgumentError } from 'commander';
import { type EventType, EVENT_TYPES } from '#contracts/events.js';

/** A parser of whole numbers that are not below `min`. */
export function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < min)
      throw new InvalidArgumentError(`It must be a whole number from ${min}.`);
    return number;
  };
}

/** `on` or `off`. */
export function onOff(text: string): boolean {
  if (text !== 'on' && text !== 'off') throw new InvalidArgumentError('It must be on or off.');
  return text === 'on';
}

/** A repeatable option or a comma list, as one list. */
export function several(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), ...text.split(',').map((part) => part.trim())].filter((part) => part !== '');
}

/** As `several`, for event types. */
export function eventTypes(text: string, before: EventType[] | undefined): EventType[] {
  const types = several(text, before);
  const unknown = types.find((type) => !(EVENT_TYPES as readonly string[]).includes(type));
  if (unknown !== undefined) throw new InvalidArgumentError(`${unknown} is none of ${EVENT_TYPES.join(', ')}.`);
  return types as EventType[];
}
