import { describe, expect, it } from 'vitest'
import { memberOf } from '../../../../gateway/model/members/members.ts'

describe('memberOf', () => {
  it('knows a name however it is written', () => {
    expect(memberOf('requestId')?.key).toBe('request')
    expect(memberOf('request_id')).toBe(memberOf('requestId'))
    expect(memberOf('REQUESTID')).toBe(memberOf('requestId'))
    expect(memberOf('nothingOfTheKind')).toBeNull()
  })

  it('knows a general name only below the one that gives it its meaning', () => {
    expect(memberOf('code')).toBeNull()
    expect(memberOf('code', 'diagnoses')?.name.zh).toBe('诊断编码')
    expect(memberOf('code', 'doctor')).toBeNull()
    expect(memberOf('name', 'diagnoses')?.identifies).toBeNull()
    expect(memberOf('name', 'patient')?.identifies).toBe('name')
  })

  it('has Chinese and English names for the NHSA envelope', () => {
    for (const name of ['infno', 'msgid', 'inf_time', 'mdtrt_id', 'chrg_bchno', 'setl_id', 'psn_no', 'infcode', 'err_msg']) {
      expect(memberOf(name)?.name.zh).toMatch(/\p{Script=Han}/u)
      expect(memberOf(name)?.name.en).not.toBe('')
    }
  })

  it('knows what identifies somebody', () => {
    expect(memberOf('psn_name')?.identifies).toBe('name')
    expect(memberOf('idNo')?.identifies).toBe('id-card')
    expect(memberOf('sign_no')?.identifies).toBe('token')
    expect(memberOf('visit_id')?.identifies).toBe('visit-number')
    expect(memberOf('mdtrt_id')?.identifies).toBe('visit-number')
    expect(memberOf('drugCode')?.identifies ?? null).toBe(null)
  })
})
