/**
 * What a value tells of a person. `name`: a whole name or a family name, of which the family name may be seen; `given`: of which nothing may; `id`: a number of a
 * person or of a visit; `birth`: a date of birth; `all`: what nobody may see without a reveal (credentials, embedded files, narrative).
 */
export type Identity = 'name' | 'given' | 'id' | 'phone' | 'address' | 'birth' | 'all'
