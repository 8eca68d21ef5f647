/** Safari and the app on an iPhone's home screen share nothing but the sign-in, and Safari forgets. Say so in time. */

import { make } from './elements.ts';
import { standalone } from './installed.ts';
import { alert, paragraph } from './pieces.ts';

/** What somebody in Safari on an iPhone ought to know; nothing elsewhere. */
export const onIphone = (): HTMLElement[] =>
  standalone() === false
    ? [
        alert(
          'important',
          'On an iPhone',
          paragraph('Safari may clear what it keeps for us after 7 days without use. The home screen does not.'),
          paragraph('First see that ', make('a', { href: '/waiting' }, 'everything is sent'), '. Then put it on your home screen: the steps are under Get help.'),
        ),
      ]
    : [];
