//! Audit events of realistic shape and size, all drawn from the seed.

use std::fmt::Write;

use jiff::Timestamp;

/// A stream of JSON lines that look like what a cloud's audit trail records.
#[derive(Debug)]
pub(crate) struct Generator {
    state: u64,
    time_ms: u64,
}

/// 2026-01-01T00:00:00Z.
const FIRST_MS: u64 = 1_767_225_600_000;

const CALLS: [(&str, &str, bool); 10] = [
    ("s3.amazonaws.com", "GetObject", true),
    ("s3.amazonaws.com", "PutObject", false),
    ("iam.amazonaws.com", "CreateAccessKey", false),
    ("iam.amazonaws.com", "ListUsers", true),
    ("sts.amazonaws.com", "AssumeRole", true),
    ("ec2.amazonaws.com", "DescribeInstances", true),
    ("ec2.amazonaws.com", "AuthorizeSecurityGroupIngress", false),
    ("kms.amazonaws.com", "Decrypt", true),
    ("lambda.amazonaws.com", "UpdateFunctionCode20150331v2", false),
    ("cloudtrail.amazonaws.com", "StopLogging", false),
];
const PEOPLE: [&str; 6] = ["amina", "benjamin", "chloé", "dmitri", "眞子", "svc-backup"];
const AGENTS: [&str; 4] = [
    "aws-cli/2.17.5 md/awscrt#0.20.11 ua/2.0 os/linux#6.8.0 md/arch#x86_64 lang/python#3.11.8",
    "Boto3/1.34.131 md/Botocore#1.34.131 ua/2.0 os/linux#5.10.219 md/arch#x86_64",
    "console.amazonaws.com",
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.2 (+https://www.terraform.io) aws-sdk-go-v2/1.30.1",
];

impl Generator {
    /// A stream that depends on `seed` alone.
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed ^ 0x9E37_79B9_7F4A_7C15, time_ms: FIRST_MS }
    }

    /// SplitMix64.
    fn draw(&mut self, below: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % below
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.draw(of.len() as u64)).unwrap_or(0)]
    }

    fn hex(&mut self, digits: usize) -> String {
        (0..digits)
            .map(|_| char::from(b"0123456789abcdef"[usize::try_from(self.draw(16)).unwrap_or(0)]))
            .collect()
    }

    /// The next line, without its newline.
    pub(crate) fn line(&mut self) -> String {
        self.time_ms += self.draw(1500);
        let (source, name, read_only) = self.pick(&CALLS);
        let (person, agent) = (self.pick(&PEOPLE), self.pick(&AGENTS));
        let account = 100_000_000_000 + self.draw(4) * 7_919;
        let (key, request) = (self.hex(16).to_uppercase(), self.hex(16).to_uppercase());
        let (id, instance) = (self.uuid(), self.hex(17));
        let (a, b, c) = (self.draw(256), self.draw(256), self.draw(256));
        let time = self.clock();
        let mut line = format!(
            r#"{{"eventVersion":"1.09","userIdentity":{{"type":"IAMUser","principalId":"AIDA{key}","arn":"arn:aws:iam::{account}:user/{person}","accountId":"{account}","accessKeyId":"ASIA{key}","userName":"{person}","sessionContext":{{"attributes":{{"creationDate":"{time}","mfaAuthenticated":"true"}}}}}},"eventTime":"{time}","eventSource":"{source}","eventName":"{name}","awsRegion":"eu-west-1","sourceIPAddress":"10.{a}.{b}.{c}","userAgent":"[{agent}]","requestParameters":{{"instanceId":"i-{instance}","limit":{limit},"offset":{offset}}},"responseElements":null,"additionalEventData":{{"bytesTransferredIn":{bytes},"ratio":{ratio}.0,"x-amz-id-2":"{amz}"}}"#,
            limit = 10 + self.draw(90),
            offset = 9_007_199_254_740_993 + self.draw(1000),
            bytes = self.draw(1 << 20),
            ratio = self.draw(100),
            amz = self.hex(76),
        );
        for resource in 0..self.draw(4) {
            let _ = write!(
                line,
                r#","resource{resource}":{{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::audit-{account}/{}/{}"}}"#,
                self.hex(8),
                self.hex(32)
            );
        }
        let _ = write!(
            line,
            r#","requestID":"{request}","eventID":"{id}","readOnly":{read_only},"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"{account}","eventCategory":"Management"}}"#
        );
        line
    }

    /// The stream's time, to the second.
    fn clock(&self) -> Timestamp {
        let seconds = i64::try_from(self.time_ms / 1000).unwrap_or(i64::MAX);
        Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
    }

    fn uuid(&mut self) -> String {
        let hex = self.hex(32);
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}
