/** Numbers in words and in hex. */

/** "1 lesson", "2 lessons". `many` where an s at the end does not do. */
export const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;

export const minutes = (number: number): string => count(number, 'minute');

/** Bytes as hex digits. */
export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** 32 bits as eight hex digits. */
export const hexWord = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
