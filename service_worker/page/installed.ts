/** Opened from the home screen, or in a browser's tab? */

/** Only iPhones and iPads say this of a page: true in the app on the home screen, false in Safari. */
export const standalone = (): boolean | undefined => (navigator as { standalone?: boolean }).standalone;

export const installed = (): boolean => standalone() === true || matchMedia('(display-mode: standalone)').matches;
