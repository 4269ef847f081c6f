# Computes the frozen bytes of the ordering engine from docs/spec/bft.md: python3 bft.py DIRECTORY (needs PyPI cryptography).
# Shares no code with the crates. Four validators, Ed25519 seeds of 32 bytes 1 to 4, in the order of names.
import hashlib, os, struct, sys, textwrap
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives import serialization as S
H=lambda b: hashlib.sha256(b).digest()
u8=lambda n: struct.pack('>B',n); u16=lambda n: struct.pack('>H',n); u32=lambda n: struct.pack('>I',n); u64=lambda n: struct.pack('>Q',n)
names=[b'APAC-1',b'EU-1',b'SA-1',b'US-1']
sk=[Ed25519PrivateKey.from_private_bytes(bytes([i+1])*32) for i in range(4)]
pk=[k.public_key().public_bytes(S.Encoding.Raw,S.PublicFormat.Raw) for k in sk]
fed=b'auditmesh.example/eu-us-apac'
setbytes=b'auditmesh/validator-set/v1\0'+u8(1)+u64(4)
for n,k in zip(names,pk): setbytes+=u64(len(n))+n+u64(len(k))+k+u64(1)
sethash=H(setbytes)
value=b'example'
vid=H(b'auditmesh/value/v1\0'+value)
P,C,V=1,2,3
def says(kind,x):
    if kind in (P,C): return x
    return b'\0' if x is None else b'\1'+u64(x[0])+x[1]
def signed_bytes(kind,h,v,x):
    return b'auditmesh/bft/v1\0'+u8(kind)+u8(len(fed))+fed+sethash+u64(h)+u64(v)+says(kind,x)
def sig(by,kind,h,v,x):
    s=sk[by].sign(signed_bytes(kind,h,v,x)); return u16(len(s))+s
def signed(by,kind,h,v,x): return u16(by)+u8(kind)+u64(h)+u64(v)+says(kind,x)+sig(by,kind,h,v,x)
def cert(kind,h,v,x,who): return u8(kind)+u64(h)+u64(v)+x+u16(len(who))+b''.join(u16(w)+sig(w,kind,h,v,x) for w in who)
def opt(b): return b'\0' if b is None else b'\1'+b
def just(h,view,asks,highest): return u64(view)+u16(len(asks))+b''.join(signed(by,V,h,view,n) for by,n in asks)+opt(highest)
def cand(val,lin): return u32(len(val))+val+u8(len(lin))+b''.join(lin)
head=lambda what: b'auditmesh/bft-'+what+b'\0\1'
h=7
prepare0=cert(P,h,0,vid,[0,1,3])
j2=just(h,2,[(0,None),(1,(0,vid)),(3,None)],prepare0)
c2=cand(value,[j2]); c0=cand(value,[])
out={}
out['bft_validator_set_v1']=setbytes
out['bft_prepare_v1']=signed_bytes(P,h,2,vid)
out['bft_commit_v1']=signed_bytes(C,h,2,vid)
out['bft_view_change_v1']=signed_bytes(V,h,2,None)
out['bft_view_change_prepared_v1']=signed_bytes(V,h,2,(0,vid))
vote=head(b'message')+u8(2)+signed(0,P,h,2,vid)
out['bft_vote_v1']=vote
out['bft_proposal_v1']=head(b'message')+u8(1)+signed(1,P,h,2,vid)+c2
out['bft_view_change_message_v1']=head(b'message')+u8(3)+signed(1,V,h,2,(0,vid))+opt(prepare0+c0)
out['bft_certificate_message_v1']=head(b'message')+u8(4)+cert(P,h,2,vid,[0,1,2])
decided=cert(C,h,2,vid,[0,1,2])+c2
out['bft_decided_v1']=head(b'decided')+decided
out['bft_evidence_v1']=head(b'evidence')+signed(1,C,h,0,vid)+signed(1,V,h,2,None)
out['bft_packet_request_v1']=head(b'packet')+u8(2)+u64(7)
out['bft_packet_decided_v1']=head(b'packet')+u8(3)+decided
rh=head(b'record')+u8(1)+u64(h)
rs=head(b'record')+u8(2)+u8(C)+u64(h)+u64(2)+vid+opt(c2)+opt(cert(P,h,2,vid,[0,1,2]))
out['bft_record_v1']=rs
salt=bytes(range(16))
hb=b'auditmesh/bft-records\0\1'+u8(len(fed))+fed+u8(4)+b'EU-1'+salt
hd=H(hb); log=hb+hd; chain=hd
for seq,body in enumerate([rh,head(b'record')+u8(2)+u8(V)+u64(h)+u64(2)+says(V,(0,vid))+b'\0\0']):
    hh=u32(len(body))+u64(seq); hh+=H(b'auditmesh/bft-records/head\0'+hd+hh)[:16]
    chain=H(b'auditmesh/bft-records/frame\0'+chain+hh+body); log+=hh+body+chain
out['bft_record_log_v1']=log
for name, data in out.items():
    with open(os.path.join(sys.argv[1], name + '.hex'), 'w') as file:
        file.write('hex\n' + '\n'.join(textwrap.wrap(data.hex(), 100)) + '\n')
