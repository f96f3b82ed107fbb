/** An answer that does not fit the contract. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}
