using System.Text;
using System.Text.Json;
using Disa.Asl;
using Disa.Asl.Data;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.CloudWatch;
using Disa.Emulator.CloudWatch.MetricMath;
using Disa.Emulator.DynamoDb;
using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.DynamoDb.PartiQL;
using Disa.Emulator.Events;
using Disa.Emulator.Http;
using Disa.Emulator.Logs;
using Disa.Emulator.Patterns;
using Disa.Emulator.Policies;
using Disa.Emulator.Sns;
using Disa.Jsonata;

namespace Disa.Emulator.Tests.Fuzz;

/// <summary>Gives every hand-written parser texts that are nearly valid: it accepts or refuses them, in bounded time.</summary>
public sealed class ParserFuzzTests(ITestOutputHelper output)
{
    /// <summary>For one text; a parser that needs more grows with the square of its input, or worse.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private static readonly JsonElement Event = JsonElement.Parse(
        """{"source":"a","detail":{"n":5,"list":[1,"x",null],"ip":"10.0.0.1"},"message":"a b","level":3}"""
    );

    private static readonly Dictionary<string, (string[] Seeds, string[] Refusals, Action<string> Parse)> Parsers = new()
    {
        ["condition expression"] = (
            ["a = :v AND NOT attribute_exists(b[1].c) OR size(d) BETWEEN :v AND :v", "#n IN (:v, :v) AND begins_with(a, :v)"],
            ["AwsException"],
            text => Expressions(text).ParseCondition("ConditionExpression", text)
        ),
        ["key condition"] = (
            ["a = :v AND b BETWEEN :v AND :v", "#n = :v AND begins_with(b, :v)"],
            ["AwsException"],
            text => Expressions(text).ParseKeyCondition(text)
        ),
        ["update expression"] = (
            ["SET a = if_not_exists(a, :n) + :n, b[0].c = :v, #n = list_append(g, h) REMOVE d ADD e :n"],
            ["AwsException"],
            text => Expressions(text).ParseUpdate(text)
        ),
        ["projection"] = (["a, b[0].c, #n.d", "a"], ["AwsException"], text => Expressions(text).ParseProjection(text)),
        ["PartiQL"] = (
            [
                """SELECT a, "b"."c" FROM "t"."i" WHERE a = 'y' AND b BETWEEN 1 AND 2 OR NOT contains(c, 'x') ORDER BY a DESC""",
                """INSERT INTO t VALUE {'a': 1, 'b': [1, <<'x'>>, {'c': null}]}""",
                """UPDATE t SET a = a + 1 REMOVE b WHERE a = 'x' RETURNING ALL OLD *""",
                "DELETE FROM t WHERE a = 1",
            ],
            ["AwsException"],
            text => StatementParser.Parse(text, null)
        ),
        ["number"] = (["12.5", "-1E+3", "0.000", "1e125"], [], text => Emulator.DynamoDb.Number.Parse(text, out _)),
        ["state machine"] = (
            [
                """{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.a[?(@.b==1)]","StringMatches":"x*","Next":"B"}],"Default":"B"},"B":{"Type":"Pass","Parameters":{"x.$":"States.Format('{}', $.a..b[0:2])"},"ResultPath":"$.c","End":true}}}""",
                """{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Map","Items":"{% $states.input.x[0] %}","ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":1,"End":true}}},"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":2}],"End":true}}}""",
            ],
            ["InvalidDefinitionException"],
            text => StateMachine.Parse(text)
        ),
        ["JSONPath"] = (
            ["$.a['b'][0:2]..c[?(@.d > 1 && @.e =~ /x/)].*", "$$.Execution.Id", "$v.x"],
            ["FormatException"],
            text => JsonPath.Parse(text)
        ),
        ["JSONata"] = (
            [
                "$map(a.b[c > 1].(d & 'x'), function($v, $i) { $v + $i })^(>e).{f: $sum(g)}",
                "($x := 1; $f := λ($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(5)) ~> $string",
                "a.b@$i#$j[0].c.%.d ~> |c|{'d': 1}, ['e']|",
                "$replace('abc', /b+/i, '$0')",
            ],
            ["JsonataException"],
            text => JsonataExpression.Parse(text)
        ),
        ["event pattern"] = (
            [
                """{"source":[{"prefix":"a"},{"anything-but":["b"]}],"detail":{"n":[{"numeric":[">",1,"<=",9]}],"$or":[{"a":[{"exists":true}]},{"ip":[{"cidr":"10.0.0.0/8"}]}],"w":[{"wildcard":"a*b"}]}}""",
            ],
            ["EventPatternException"],
            text => EventPattern.Parse(text).Matches(Event)
        ),
        ["filter policy"] = (
            ["""{"a":["x",{"prefix":"y"},{"anything-but":{"suffix":"z"}}],"n":[{"numeric":["=",1]}]}"""],
            ["AwsException", "FormatException"],
            text => FilterPolicyCheck.Check(text, nested: true)
        ),
        ["delivery policy"] = (
            [
                """{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":60,"numRetries":50,"numNoDelayRetries":3,"backoffFunction":"exponential"},"disableSubscriptionOverrides":false,"defaultThrottlePolicy":{"maxReceivesPerSecond":10}}}""",
            ],
            ["FormatException"],
            text => DeliveryPolicyReader.OfTopic(text)
        ),
        ["event path"] = (["$.detail.list[0]", "$.source"], [], text => EventPath.Find(Event, text)),
        ["schedule"] = (
            [
                "cron(0/5 8-17 ? * MON-FRI 2026-2030)",
                "cron(0 0 L * ? *)",
                "cron(0 12 ? * 6#3 *)",
                "rate(5 minutes)",
                "at(2030-01-01T00:00:00)",
                "at(0001-01-01T00:00:00)",
                "at(9999-12-31T23:59:59)",
            ],
            [],
            text =>
                ScheduleExpression
                    .TryParse(text, TimeZoneInfo.FindSystemTimeZoneById(text.Length % 2 == 0 ? "Asia/Tokyo" : "America/New_York"))
                    ?.Next(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)
        ),
        ["log filter"] = (
            ["""{ $.level > 2 && ($.message = "a*" || $.detail.list[0] NOT EXISTS) }""", "a -b ?c \"d e\" %x.*y%"],
            ["AwsException"],
            text => FilterPattern.Parse(text).Matches("""{"level":3,"message":"a b"}""")
        ),
        ["metric math"] = (
            ["SUM(METRICS()) / 100 * (m1 + -m2) ^ 2", "IF(m1 > 5 AND m2 < 3, m1, FILL(m2, 0))"],
            ["MathException"],
            text => MathParser.Parse(text)
        ),
        ["alarm rule"] = (
            ["""(ALARM(a) OR ALARM("b c")) AND NOT OK(arn:aws:cloudwatch:us-east-1:000000000000:alarm:d)""", "NOT NOT (TRUE AND FALSE)"],
            ["AwsException"],
            text => AlarmRuleParser.Parse(text)
        ),
        ["template"] = (
            [
                """{"Parameters":{"P":{"Type":"String","AllowedPattern":"a+"}},"Conditions":{"C":{"Fn::Equals":[{"Ref":"P"},"x"]}},"Resources":{"A":{"Type":"AWS::SQS::Queue","Condition":"C","Properties":{"QueueName":{"Fn::Sub":"${P}-${AWS::Region}"}}}}}""",
                "Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: !Join [\"-\", [a, !Ref 'AWS::Region', b]]\n      D: |\n        text\n      E: >-\n        folded\nOutputs:\n  O: {Value: !GetAtt A.TopicName}\n",
            ],
            ["AwsException"],
            text => TemplateParser.Parse(text)
        ),
        ["Sub"] = (["${A}-${AWS::Region}-${!x}-${B.C}"], ["AwsException"], text => SubText.Parse(text).Count()),
        ["policy"] = (
            [
                """{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"S","Effect":"Allow","Principal":{"AWS":["*"],"Service":"sns.amazonaws.com"},"NotAction":["sqs:*"],"Resource":"arn:aws:sqs:*:*:${aws:username}","Condition":{"ForAllValues:StringLike":{"aws:x":["a*"]},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}""",
            ],
            ["PolicyException"],
            text => PolicyDocument.Parse(text, PolicyKind.Resource)
        ),
        ["ARN"] = (["arn:aws:sns:us-east-1:000000000000:topic", "arn:aws:s3:::bucket/key"], [], text => Arn.TryParse(text)),
        ["form"] = (
            ["Action=Publish&Message=a%20b&Attributes.entry.1.key=x", "a=b&=&c"],
            ["AwsException"],
            text => Form.Parse(text).Count()
        ),
        ["multipart form"] = (
            [
                "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nx\r\n--b--\r\n",
                "--b--",
            ],
            [],
            text => MultipartForm.Parse("multipart/form-data; boundary=b", Encoding.UTF8.GetBytes(text))
        ),
        ["post policy"] = (
            [
                """{"expiration":"2999-01-01T00:00:00Z","conditions":[{"bucket":"b"},["starts-with","$key",""],["content-length-range",0,9]]}""",
            ],
            ["AwsException"],
            text => Emulator.S3.PostPolicy.Check(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), [("key", "k")], "b", 1, default)
        ),
        ["trace header"] = (
            ["Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1"],
            [],
            text => TraceHeader.Parse(text)
        ),
        ["chunked body"] = (
            ["5;chunk-signature=00\r\nhello\r\n0;chunk-signature=00\r\n\r\n", "3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"],
            ["AwsException"],
            text => ChunkedBody.Decode(Encoding.UTF8.GetBytes(text), [])
        ),
    };

    public static TheoryData<string> Names => [.. Parsers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_parser_takes_a_text_or_refuses_it(string name)
    {
        var (seeds, refusals, parse) = Parsers[name];
        Assert.All(seeds, seed => Assert.Null(Try(parse, seed)));
        var mutator = new Mutator(Fuzzing.Seeded(output.WriteLine), seeds);
        for (var i = Fuzzing.Rounds(2000); i > 0; i--)
        {
            var text = mutator.Next();
            var failure = await Task.Run(() => Try(parse, text), TestContext.Current.CancellationToken)
                .WaitAsync(Longest, TestContext.Current.CancellationToken);
            Assert.True(failure is null || refusals.Contains(failure.GetType().Name), $"{failure}\n{text}");
        }
    }

    private static Exception? Try(Action<string> parse, string text)
    {
        try
        {
            parse(text);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private static readonly Emulator.DynamoDb.Number One = Emulator.DynamoDb.Number.Parse("1", out var one) is null
        ? one
        : throw new FormatException();

    private static Expression Expressions(string text) =>
        Expression.Of(
            new() { ["#n"] = "name" },
            new Item { [":v"] = AttributeValue.Of("x"), [":n"] = AttributeValue.Of(One) },
            ("ConditionExpression", text)
        );
}
