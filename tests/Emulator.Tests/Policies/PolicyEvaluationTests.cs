using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Tests.Policies;

/// <summary>Policies as data, requests as data, and what comes of them; the rules are those of AWS's IAM User Guide.</summary>
public sealed class PolicyEvaluationTests
{
    private const string Table = "arn:aws:dynamodb:us-east-1:000000000000:table/messages";
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly Caller Session = Caller.Role(
        "arn:aws:iam::000000000000:role/app/work",
        "session",
        new Scope("000000000000", "us-east-1")
    );
    private static readonly Caller Service = Caller.Service("events.amazonaws.com", new Scope("000000000000", "us-east-1")) with
    {
        SourceArn = "arn:aws:events:us-east-1:000000000000:rule/r",
    };
    private static readonly Caller User = new(
        "000000000000",
        "us-east-1",
        Principal.User("000000000000", "me", "arn:aws:iam::000000000000:user/team/me"),
        "AIDA",
        "AKIA",
        "id"
    )
    {
        SourceIp = "203.0.113.7",
    };

    /// <summary>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html, _notaction, _resource, _notresource</summary>
    [Theory]
    [InlineData("\"Action\":\"dynamodb:GetItem\",\"Resource\":\"*\"", true)]
    [InlineData("\"Action\":\"DYNAMODB:getitem\",\"Resource\":\"*\"", true)]
    [InlineData("\"Action\":\"dynamodb:Get*\",\"Resource\":\"arn:aws:dynamodb:*:000000000000:table/mess?ges\"", true)]
    [InlineData(
        "\"Action\":[\"sns:Publish\",\"*\"],\"Resource\":[\"arn:aws:sns:*\",\"arn:aws:dynamodb:us-east-1:000000000000:table/messages\"]",
        true
    )]
    [InlineData("\"Action\":\"dynamodb:PutItem\",\"Resource\":\"*\"", false)]
    [InlineData("\"Action\":\"dynamodb:GetItem\",\"Resource\":\"arn:aws:dynamodb:us-east-1:000000000000:table/MESSAGES\"", false)]
    [InlineData("\"Action\":\"dynamodb:GetItem\",\"Resource\":\"arn:aws:dynamodb:us-east-1:000000000000:table/messages/*\"", false)]
    [InlineData("\"NotAction\":\"dynamodb:Delete*\",\"Resource\":\"*\"", true)]
    [InlineData("\"NotAction\":[\"sns:*\",\"dynamodb:get*\"],\"Resource\":\"*\"", false)]
    [InlineData("\"Action\":\"*\",\"NotResource\":\"arn:aws:dynamodb:us-east-1:000000000000:table/other\"", true)]
    [InlineData("\"Action\":\"*\",\"NotResource\":\"arn:aws:dynamodb:us-east-1:000000000000:table/*\"", false)]
    public void Actions_and_resources_are_patterns(string statement, bool allows) =>
        Assert.Equal(
            allows ? Verdict.Allow : Verdict.ImplicitDeny,
            Identity(Session, "dynamodb:GetItem", Table, $$"""{"Effect":"Allow",{{statement}}}""")
        );

    [Fact]
    public void A_deny_wins_over_every_allow()
    {
        const string allow = """{"Effect":"Allow","Action":"*","Resource":"*"}""";
        const string deny = """{"Effect":"Deny","Action":"dynamodb:*","Resource":"*"}""";

        Assert.Equal(Verdict.ExplicitDeny, Identity(Session, "dynamodb:GetItem", Table, allow, deny));
        Assert.Equal(Verdict.ExplicitDeny, Identity(Session, "dynamodb:GetItem", Table, deny, allow));
        Assert.Equal(Verdict.Allow, Identity(Session, "sns:Publish", "*", deny, allow));
    }

    /// <summary>A resource that the emulator does not know must not make it kinder than AWS.</summary>
    [Fact]
    public void An_unknown_resource_is_allowed_by_a_star_only_and_denied_by_any_deny()
    {
        const string some = """{"Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:*:*:*"}""";
        const string all = """{"Effect":"Allow","Action":"sqs:*","Resource":"*"}""";
        const string deny = """{"Effect":"Deny","Action":"sqs:*","Resource":"arn:aws:sqs:us-east-1:000000000000:q"}""";

        Assert.Equal(Verdict.ImplicitDeny, Identity(Session, "sqs:PurgeQueue", PolicyRequest.AnyResource, some));
        Assert.Equal(Verdict.Allow, Identity(Session, "sqs:PurgeQueue", PolicyRequest.AnyResource, all));
        Assert.Equal(Verdict.ExplicitDeny, Identity(Session, "sqs:PurgeQueue", PolicyRequest.AnyResource, all, deny));
    }

    /// <summary>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html</summary>
    [Theory]
    [InlineData("StringEquals", "x:one", "\"a\"", true)]
    [InlineData("StringEquals", "X:ONE", "[\"b\",\"a\"]", true)]
    [InlineData("StringEquals", "x:one", "\"A\"", false)]
    [InlineData("StringEqualsIgnoreCase", "x:one", "\"A\"", true)]
    [InlineData("StringNotEquals", "x:one", "[\"b\",\"a\"]", false)]
    [InlineData("StringNotEquals", "x:one", "[\"b\",\"c\"]", true)]
    [InlineData("StringNotEqualsIgnoreCase", "x:one", "\"A\"", false)]
    [InlineData("StringLike", "x:one", "\"?\"", true)]
    [InlineData("StringLike", "x:one", "\"b*\"", false)]
    [InlineData("StringNotLike", "x:one", "\"b*\"", true)]
    [InlineData("StringEquals", "sts:ExternalId", "\"a\"", false)]
    [InlineData("StringNotEquals", "sts:ExternalId", "\"a\"", true)]
    [InlineData("StringEqualsIfExists", "sts:ExternalId", "\"a\"", true)]
    [InlineData("StringEqualsIfExists", "x:one", "\"b\"", false)]
    [InlineData("Null", "sts:ExternalId", "true", true)]
    [InlineData("Null", "sts:ExternalId", "\"false\"", false)]
    [InlineData("Null", "x:one", "false", true)]
    [InlineData("NumericEquals", "x:number", "10.0", true)]
    [InlineData("NumericNotEquals", "x:number", "10", false)]
    [InlineData("NumericLessThan", "x:number", "11", true)]
    [InlineData("NumericLessThanEquals", "x:number", "9", false)]
    [InlineData("NumericGreaterThan", "x:number", "9", true)]
    [InlineData("NumericGreaterThanEquals", "x:number", "\"10\"", true)]
    [InlineData("NumericEquals", "x:one", "1", false)]
    [InlineData("DateLessThan", "aws:CurrentTime", "\"2026-11-25T12:00:01Z\"", true)]
    [InlineData("DateGreaterThan", "aws:CurrentTime", "\"2026-11-25T12:00:01Z\"", false)]
    [InlineData("DateEquals", "aws:EpochTime", "\"2026-11-25T12:00:00Z\"", true)]
    [InlineData("DateGreaterThanEquals", "aws:CurrentTime", "\"1795608000\"", true)]
    [InlineData("Bool", "aws:SecureTransport", "true", true)]
    [InlineData("Bool", "aws:SecureTransport", "\"false\"", false)]
    [InlineData("Bool", "kms:GrantIsForAWSResource", "true", false)]
    [InlineData("BoolIfExists", "kms:GrantIsForAWSResource", "true", true)]
    [InlineData("IpAddress", "aws:SourceIp", "\"203.0.113.0/24\"", true)]
    [InlineData("IpAddress", "aws:SourceIp", "[\"192.0.2.1\",\"203.0.113.7\"]", true)]
    [InlineData("NotIpAddress", "aws:SourceIp", "\"203.0.113.0/24\"", false)]
    [InlineData("ArnEquals", "x:arn", "\"arn:aws:sns:*:000000000000:t*\"", true)]
    [InlineData("ArnLike", "x:arn", "\"arn:aws:s*:t\"", false)]
    [InlineData("ArnNotEquals", "x:arn", "\"arn:aws:sns:us-east-1:000000000000:topic\"", false)]
    [InlineData("ArnNotLike", "x:arn", "\"arn:aws:sns:us-east-1:000000000000:other\"", true)]
    [InlineData("ForAnyValue:StringEquals", "x:many", "[\"b\",\"c\"]", true)]
    [InlineData("ForAnyValue:StringEquals", "x:many", "\"c\"", false)]
    [InlineData("ForAllValues:StringEquals", "x:many", "[\"a\",\"b\",\"c\"]", true)]
    [InlineData("ForAllValues:StringEquals", "x:many", "[\"a\",\"c\"]", false)]
    [InlineData("ForAllValues:StringEquals", "sts:ExternalId", "\"a\"", true)]
    [InlineData("ForAnyValue:StringNotEquals", "sts:ExternalId", "\"a\"", false)]
    [InlineData("ForAnyValue:StringNotEquals", "x:many", "\"a\"", true)]
    [InlineData("ForAllValues:StringNotLike", "x:many", "\"c*\"", true)]
    [InlineData("StringEquals", "aws:username", "\"me\"", true)]
    [InlineData("StringEquals", "aws:PrincipalArn", "\"arn:aws:iam::000000000000:user/team/me\"", true)]
    [InlineData("StringEquals", "aws:PrincipalAccount", "\"000000000000\"", true)]
    [InlineData("StringEquals", "x:one", "\"${aws:username}\"", false)]
    public void Conditions_compare_as_their_operators_say(string name, string key, string value, bool meets) =>
        Assert.Equal(meets ? Verdict.Allow : Verdict.ImplicitDeny, Identity(User, "x:Do", "*", Conditional("Allow", name, key, value)));

    /// <summary>AWS refuses the operator when the policy is put, and so is an unknown key no silent consent.</summary>
    [Fact]
    public void What_cannot_be_told_does_not_allow_and_does_deny()
    {
        Assert.Equal(
            "Invalid Condition type : StringAlmost.",
            Assert
                .Throws<PolicyException>(() =>
                    PolicyDocument.Parse(Policy(Conditional("Allow", "StringAlmost", "x:one", "\"a\"")), PolicyKind.Identity)
                )
                .Message
        );
        const string all = """{"Effect":"Allow","Action":"*","Resource":"*"}""";
        Assert.Equal(
            Verdict.ImplicitDeny,
            Identity(User, "x:Do", "*", Conditional("Allow", "StringNotEquals", "aws:ResourceTag/team", "\"a\""))
        );
        Assert.Equal(
            Verdict.ExplicitDeny,
            Identity(User, "x:Do", "*", all, Conditional("Deny", "StringEquals", "aws:ResourceTag/team", "\"a\""))
        );
    }

    /// <summary>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html</summary>
    [Theory]
    [InlineData("2012-10-17", "arn:aws:s3:::bucket/${aws:username}/*", "arn:aws:s3:::bucket/me/a", true)]
    [InlineData("2012-10-17", "arn:aws:s3:::bucket/${aws:username}/*", "arn:aws:s3:::bucket/you/a", false)]
    [InlineData("2012-10-17", "arn:aws:s3:::bucket/${aws:PrincipalTag/team, 'all'}/*", "arn:aws:s3:::bucket/all/a", true)]
    [InlineData("2012-10-17", "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*", "arn:aws:s3:::bucket//a", false)]
    [InlineData("2012-10-17", "arn:aws:s3:::bucket/${*}", "arn:aws:s3:::bucket/*", true)]
    [InlineData("2012-10-17", "arn:aws:s3:::bucket/${*}", "arn:aws:s3:::bucket/a", false)]
    [InlineData("2008-10-17", "arn:aws:s3:::bucket/${aws:username}/*", "arn:aws:s3:::bucket/me/a", false)]
    public void Variables_take_the_values_of_the_request(string version, string pattern, string resource, bool allows)
    {
        var policy = PolicyDocument.Parse(
            $$$"""{"Version":"{{{version}}}","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"{{{pattern}}}"}}""",
            PolicyKind.Identity
        );

        Assert.Equal(
            allows ? Verdict.Allow : Verdict.ImplicitDeny,
            PolicyEvaluation.Of([policy], new PolicyRequest(User, "s3:GetObject", resource))
        );
    }

    /// <summary>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html</summary>
    [Theory]
    [InlineData("\"Principal\":\"*\"", "Directly", "Directly")]
    [InlineData("\"Principal\":{\"AWS\":\"*\"}", "Directly", "Directly")]
    [InlineData("\"Principal\":{\"AWS\":\"000000000000\"}", "Account", "No")]
    [InlineData("\"Principal\":{\"AWS\":\"arn:aws:iam::000000000000:root\"}", "Account", "No")]
    [InlineData("\"Principal\":{\"AWS\":[\"123456789012\",\"arn:aws:iam::000000000000:role/app/work\"]}", "Role", "No")]
    [InlineData("\"Principal\":{\"AWS\":\"arn:aws:sts::000000000000:assumed-role/work/session\"}", "Directly", "No")]
    [InlineData("\"Principal\":{\"AWS\":\"arn:aws:iam::000000000000:role/other\"}", "No", "No")]
    [InlineData("\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:role/work\"}", "No", "No")]
    [InlineData("\"Principal\":{\"Service\":\"events.amazonaws.com\"}", "No", "Directly")]
    [InlineData("\"Principal\":{\"Service\":\"sns.amazonaws.com\"}", "No", "No")]
    [InlineData("\"NotPrincipal\":{\"AWS\":\"arn:aws:iam::123456789012:root\"}", "Directly", "Directly")]
    [InlineData("\"NotPrincipal\":{\"AWS\":\"arn:aws:iam::000000000000:role/app/work\"}", "No", "Directly")]
    public void Principals_name_a_session_and_a_service(string principal, string session, string service)
    {
        var policy = PolicyDocument.Parse(
            $$$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow",{{{principal}}},"Action":"sqs:*","Resource":"*"}}""",
            PolicyKind.Resource
        );

        Assert.Equal(
            session,
            PolicyEvaluation.OfResource(policy, new(Session, "sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:q")).By.ToString()
        );
        Assert.Equal(
            service,
            PolicyEvaluation.OfResource(policy, new(Service, "sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:q")).By.ToString()
        );
    }

    [Fact]
    public void A_service_acts_for_the_resource_that_it_names()
    {
        const string statement =
            """{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:events:us-east-1:000000000000:rule/r"},"StringEquals":{"aws:SourceAccount":"000000000000"}}}""";
        var policy = PolicyDocument.Parse(Policy(statement), PolicyKind.Resource);

        Assert.Equal(Verdict.Allow, PolicyEvaluation.OfResource(policy, new(Service, "sqs:SendMessage", "q")).Verdict);
        Assert.Equal(
            Verdict.ImplicitDeny,
            PolicyEvaluation
                .OfResource(
                    policy,
                    new(Service with { SourceArn = "arn:aws:events:us-east-1:000000000000:rule/other" }, "sqs:SendMessage", "q")
                )
                .Verdict
        );
        Assert.Equal(
            Verdict.ImplicitDeny,
            PolicyEvaluation.OfResource(policy, new(Service with { SourceArn = null }, "sqs:SendMessage", "q")).Verdict
        );
    }

    /// <summary>A user can be called like a service and is none.</summary>
    [Fact]
    public void A_name_makes_nobody_a_service_or_an_account()
    {
        Assert.False((User with { Principal = Principal.Parse("arn:aws:iam::000000000000:user/events.amazonaws.com") }).IsService);
        Assert.False((Session with { Principal = Principal.Parse("arn:aws:sts::000000000000:assumed-role/work/root") }).IsRoot);
        Assert.Equal("work", Session.RoleName);
        Assert.Null(Session.UserName);
        Assert.Equal("me", User.UserName);
        Assert.Null(User.RoleName);
    }

    private static Verdict Identity(Caller caller, string action, string resource, params string[] statements) =>
        PolicyEvaluation.Of(
            [PolicyDocument.Parse(Policy(statements), PolicyKind.Identity)],
            new PolicyRequest(caller, action, resource)
            {
                Now = Now,
                Facts =
                [
                    ("x:one", "a"),
                    ("x:number", "10"),
                    ("x:many", "a"),
                    ("x:many", "b"),
                    ("x:arn", "arn:aws:sns:us-east-1:000000000000:topic"),
                ],
            }
        );

    private static string Conditional(string effect, string name, string key, string value) =>
        $$$$"""{"Effect":"{{{{effect}}}}","Action":"*","Resource":"*","Condition":{"{{{{name}}}}":{"{{{{key}}}}":{{{{value}}}}}}}""";

    private static string Policy(params string[] statements) =>
        $$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', statements)}}]}""";
}
