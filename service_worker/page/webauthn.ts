/** WebAuthn between the server's JSON and the browser's bytes, for the staff pages and for the phone. */

type Fields = { [name: string]: unknown };

/** What the server asks `navigator.credentials` for. */
export interface Asked {
  challenge: string;
  user?: { id: string };
  allowCredentials?: { id: string }[];
  excludeCredentials?: { id: string }[];
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));

const text = (buffer: ArrayBuffer | null): string | null =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

/** The server's options with bytes where the browser wants bytes. */
function decoded(asked: Asked): unknown {
  const withBytes = (list?: { id: string }[]): Fields[] => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  return {
    ...asked,
    challenge: bytes(asked.challenge),
    ...(asked.user ? { user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: withBytes(asked.excludeCredentials) } : { allowCredentials: withBytes(asked.allowCredentials) }),
  };
}

/** What the browser answered, as the server reads it. */
function encoded(credential: PublicKeyCredential): Fields {
  const { clientDataJSON } = credential.response;
  const { attestationObject, authenticatorData, signature, userHandle } = credential.response as Partial<AuthenticatorAttestationResponse & AuthenticatorAssertionResponse>;
  const rest: Fields = attestationObject
    ? { attestationObject: text(attestationObject) }
    : { authenticatorData: text(authenticatorData ?? null), signature: text(signature ?? null), userHandle: text(userHandle ?? null) };
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: { clientDataJSON: text(clientDataJSON), ...rest } };
}

/** Ask the browser for what the server wants: a new passkey where it names a person, else one that is there. Throws what the browser throws. */
export async function answerTo(asked: Asked): Promise<Fields> {
  const publicKey = decoded(asked);
  const answer = asked.user
    ? await navigator.credentials.create({ publicKey: publicKey as PublicKeyCredentialCreationOptions })
    : await navigator.credentials.get({ publicKey: publicKey as PublicKeyCredentialRequestOptions });
  return encoded(answer as PublicKeyCredential);
}
