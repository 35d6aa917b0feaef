import { get, nothing, post } from './route.ts'
import { object } from './schema.ts'
import { searchName, searchQuery } from './searches-shapes.ts'

export const searchRouteTable = {
  searches: get('/me/searches', 'exchanges.read', 'The searches that the caller saved', nothing, 'SearchList'),
  saveSearch: post(
    '/me/searches',
    'exchanges.read',
    'Keeps a search under a name; one of that name is replaced. An identifier is no part of it',
    object({ name: searchName, query: searchQuery }),
    'SearchList',
  ),
  dropSearch: post(
    '/me/searches/delete',
    'exchanges.read',
    'Forgets a saved search',
    object({ name: searchName }),
    'SearchList',
  ),
} as const
