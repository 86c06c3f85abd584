using System.Text.RegularExpressions;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Tests.Rooms;

/// <summary>
/// Lists go on with what AWS calls a token or a marker, opaque and its own. One that was not given for this list is refused as the
/// operation's page in the API references says, or with the service's validation error where that page says nothing.
/// </summary>
public sealed class ListingTests : IDisposable
{
    /// <summary>Service, operation (or path), parameters, error, and the parameters (or the path) of another list of its.</summary>
    private const string Lists = """
        cloudformation DescribeStackEvents StackName=one ValidationError StackName=two
        dynamodb ExecuteStatement Limit=1&Statement=$SELECT_one ValidationException Limit=1&Statement=$SELECT_two
        dynamodb ListContributorInsights MaxResults=1 ValidationException MaxResults=1&TableName=one
        dynamodb ListExports MaxResults=1 ValidationException MaxResults=1&TableArn=arn:aws:dynamodb:us-east-1:000000000000:table/one
        events ListApiDestinations Limit=1 ValidationException
        events ListArchives Limit=1 ValidationException
        events ListConnections Limit=1 ValidationException
        events ListEventBuses Limit=1 ValidationException
        events ListReplays Limit=1 ValidationException
        events ListRules Limit=1 ValidationException Limit=1&EventBusName=bus
        events ListRuleNamesByTarget Limit=1&TargetArn=arn:aws:sqs:us-east-1:000000000000:dead1 ValidationException Limit=1&TargetArn=arn:aws:sqs:us-east-1:000000000000:dead2
        events ListTargetsByRule Limit=1&Rule=one ValidationException Limit=1&Rule=two
        iam GetGroup MaxItems=1&GroupName=one ValidationError MaxItems=1&GroupName=two
        iam ListAttachedRolePolicies MaxItems=1&RoleName=one ValidationError MaxItems=1&RoleName=two
        iam ListGroups MaxItems=1 ValidationError
        iam ListGroupsForUser MaxItems=1&UserName=one ValidationError MaxItems=1&UserName=two
        iam ListInstanceProfileTags MaxItems=1&InstanceProfileName=one ValidationError MaxItems=1&InstanceProfileName=two
        iam ListInstanceProfiles MaxItems=1 ValidationError
        iam ListInstanceProfilesForRole MaxItems=1&RoleName=one ValidationError MaxItems=1&RoleName=two
        iam ListPolicies MaxItems=1 ValidationError
        iam ListRolePolicies MaxItems=1&RoleName=one ValidationError MaxItems=1&RoleName=two
        iam ListRoleTags MaxItems=1&RoleName=one ValidationError MaxItems=1&RoleName=two
        iam ListRoles MaxItems=1 ValidationError
        iam ListUsers MaxItems=1 ValidationError
        kms ListAliases Limit=1 InvalidMarkerException Limit=1&KeyId=$KEY1
        kms ListGrants Limit=1&KeyId=$KEY1 InvalidMarkerException Limit=1&KeyId=$KEY2
        kms ListKeyRotations Limit=1&KeyId=$KEY1&IncludeKeyMaterial=ALL_KEY_MATERIAL InvalidMarkerException Limit=1&KeyId=$KEY2
        kms ListKeys Limit=1 InvalidMarkerException
        kms ListResourceTags Limit=1&KeyId=$KEY1 InvalidMarkerException Limit=1&KeyId=$KEY2
        kms ListRetirableGrants Limit=1&RetiringPrincipal=arn:aws:iam::000000000000:root InvalidMarkerException Limit=1&RetiringPrincipal=arn:aws:iam::000000000000:user/one
        lambda /2015-03-31/event-source-mappings MaxItems=1 InvalidParameterValueException MaxItems=1&FunctionName=one
        lambda /2015-03-31/functions MaxItems=1 InvalidParameterValueException MaxItems=1&FunctionVersion=ALL
        lambda /2015-03-31/functions/one/aliases MaxItems=1 InvalidParameterValueException MaxItems=1&FunctionVersion=1
        lambda /2015-03-31/functions/one/versions MaxItems=1 InvalidParameterValueException /2015-03-31/functions/two/versions
        lambda /2018-10-31/layers MaxItems=1 InvalidParameterValueException MaxItems=1&CompatibleArchitecture=arm64
        lambda /2018-10-31/layers/one/versions MaxItems=1 InvalidParameterValueException /2018-10-31/layers/two/versions
        lambda /2019-09-30/functions/one/provisioned-concurrency List=ALL&MaxItems=1 InvalidParameterValueException /2019-09-30/functions/two/provisioned-concurrency
        lambda /2019-09-25/functions/one/event-invoke-config/list MaxItems=1 InvalidParameterValueException /2019-09-25/functions/two/event-invoke-config/list
        lambda /2021-10-31/functions/one/urls MaxItems=1 InvalidParameterValueException /2021-10-31/functions/two/urls
        logs DescribeDeliveryDestinations limit=1 InvalidParameterException
        logs DescribeLogStreams limit=1&logGroupName=one InvalidParameterException limit=1&logGroupName=two
        logs DescribeResourcePolicies limit=1 InvalidParameterException
        logs FilterLogEvents limit=1&logGroupName=one InvalidParameterException limit=1&logGroupName=two
        logs GetLogEvents limit=1&logGroupName=one&logStreamName=a&startFromHead=true InvalidParameterException limit=1&logGroupName=one&logStreamName=b
        logs ListLogGroups limit=1 InvalidParameterException limit=1&logGroupClass=STANDARD
        monitoring DescribeAlarmHistory MaxRecords=1 InvalidNextToken MaxRecords=1&AlarmName=one
        monitoring DescribeAlarms MaxRecords=1 InvalidNextToken
        monitoring ListDashboards - InvalidParameterValue
        monitoring ListMetrics - InvalidParameterValue
        s3 / max-buckets=1 InvalidArgument
        s3 /one list-type=2&max-keys=1 InvalidArgument /two
        scheduler /schedule-groups MaxResults=1 ValidationException
        scheduler /schedules MaxResults=1 ValidationException MaxResults=1&ScheduleGroup=one
        secretsmanager BatchGetSecretValue MaxResults=1&Filters=[{"Key":"name","Values":["one","two"]}] InvalidNextTokenException
        secretsmanager ListSecretVersionIds MaxResults=1&SecretId=one InvalidNextTokenException MaxResults=1&SecretId=two
        secretsmanager ListSecrets MaxResults=1 InvalidNextTokenException
        sns ListSubscriptions - InvalidParameter
        sns ListSubscriptionsByTopic TopicArn=arn:aws:sns:us-east-1:000000000000:topic0 InvalidParameter TopicArn=arn:aws:sns:us-east-1:000000000000:topic1
        sns ListTopics - InvalidParameter
        sqs ListDeadLetterSourceQueues MaxResults=1&QueueUrl=dead1 InvalidParameterValue MaxResults=1&QueueUrl=dead2
        sqs ListQueues MaxResults=1 InvalidParameterValue MaxResults=1&QueueNamePrefix=dead
        ssm DescribeParameters MaxResults=1 InvalidNextToken
        ssm GetParameterHistory MaxResults=1&Name=/one/a InvalidNextToken MaxResults=1&Name=/one/b
        ssm GetParametersByPath MaxResults=1&Path=/one InvalidNextToken MaxResults=1&Path=/two
        states GetExecutionHistory maxResults=1&executionArn=arn:aws:states:us-east-1:000000000000:execution:one:a InvalidToken maxResults=1&executionArn=arn:aws:states:us-east-1:000000000000:execution:one:b
        states ListActivities maxResults=1 InvalidToken
        states ListExecutions maxResults=1&stateMachineArn=arn:aws:states:us-east-1:000000000000:stateMachine:one InvalidToken maxResults=1&statusFilter=SUCCEEDED&stateMachineArn=arn:aws:states:us-east-1:000000000000:stateMachine:one
        states ListMapRuns maxResults=1&executionArn=arn:aws:states:us-east-1:000000000000:execution:one:a InvalidToken maxResults=1&executionArn=arn:aws:states:us-east-1:000000000000:execution:one:b
        states ListStateMachineAliases maxResults=1&stateMachineArn=arn:aws:states:us-east-1:000000000000:stateMachine:one InvalidToken maxResults=1&stateMachineArn=arn:aws:states:us-east-1:000000000000:stateMachine:two
        states ListStateMachineVersions maxResults=1&stateMachineArn=arn:aws:states:us-east-1:000000000000:stateMachine:one InvalidToken maxResults=1&stateMachineArn=arn:aws:states:us-east-1:000000000000:stateMachine:two
        states ListStateMachines maxResults=1 InvalidToken
        """;

    /// <summary>Answered whole, so that no token was ever given for them.</summary>
    private const string Whole = """
        cloudformation DescribeStacks - ValidationError
        cloudformation ListChangeSets StackName=one ValidationError
        cloudformation ListExports - ValidationError
        cloudformation ListImports ExportName=any ValidationError
        cloudformation ListStackResources StackName=one ValidationError
        cloudformation ListStacks - ValidationError
        dynamodb ListTagsOfResource ResourceArn=arn:aws:dynamodb:us-east-1:000000000000:table/one ValidationException
        iam ListAccessKeys UserName=one ValidationError
        iam ListPolicyVersions PolicyArn=arn:aws:iam::000000000000:policy/one ValidationError
        kms ListKeyPolicies KeyId=$KEY1 ValidationException
        """;

    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;
    private readonly List<string> wrong = [];

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_list_goes_on_with_its_own_token_alone_and_after_a_restart_too()
    {
        var cloud = await ListedCloud.Make(directory);
        try
        {
            var rows = await Rows(cloud, Lists.Split('\n')).ToListAsync();
            foreach (var (row, at) in rows.Select((row, at) => (row, at)))
            {
                await Refused(cloud, row, row.Parameters, Changed(row.Token, row.Token.Length / 2), "with a letter changed");
                await Refused(
                    cloud,
                    row,
                    row.Parameters,
                    Changed(row.Token, row.Token.AsSpan().LastIndexOfAnyExcept('=')),
                    "with its last letter changed"
                );
                await Refused(cloud, row, row.Parameters, rows[(at + 1) % rows.Count].Token, "of the next list");
                await Refused(cloud, row, row.Parameters, "MQ==", "of a number in Base64");
                await Refused(cloud, row, row.Parameters, "1", "of a number");
                if (row.Other is not null)
                {
                    var other = row.Other.StartsWith('/') ? row with { Operation = row.Other } : row with { Parameters = row.Other };
                    await Refused(cloud, other, other.Parameters, row.Token, $"of {row}");
                }

                var (status, text) = await cloud.Ask(row.Service, row.Operation, row.Parameters, row.Token, ListedCloud.OtherAccount);
                Check(
                    status >= 400 && (row.IsRefused(text) || !row.IsOfAccount),
                    $"{row} takes a token of another account: {status} {text}"
                );
                await GoesOn(cloud, row);
            }

            foreach (var line in Whole.Split('\n'))
            {
                await Refused(cloud, Row.Of(line), Row.Of(line).Parameters, rows[0].Token, "although it gives none");
            }

            cloud = await cloud.Restart(directory);
            foreach (var row in rows)
            {
                await GoesOn(cloud, row);
            }
        }
        finally
        {
            await cloud.DisposeAsync();
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>"The token expires after 24 hours" (API_FilterLogEvents, API_ListStateMachines and their neighbours).</summary>
    [Fact]
    public async Task A_token_of_logs_and_workflows_is_good_for_24_hours()
    {
        await using var cloud = await ListedCloud.MakeLogsAndWorkflows();
        var rows = await Rows(cloud, Lists.Split('\n').Where(line => line.StartsWith("logs ") || line.StartsWith("states "))).ToListAsync();
        await cloud.Cloud.Cloud.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        foreach (var row in rows)
        {
            await GoesOn(cloud, row);
        }

        await cloud.Cloud.Cloud.Advance(TimeSpan.FromMinutes(2));
        foreach (var row in rows)
        {
            await Refused(cloud, row, row.Parameters, row.Token, "after 24 hours");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Base64 has several texts for the same bytes; a token is one text.</summary>
    [Fact]
    public void A_token_is_taken_only_as_it_was_written()
    {
        var tokens = new Tokens(new byte[32]);
        for (var length = 0; length < 4; length++)
        {
            var text = new string('a', length);
            var token = tokens.Make("kind", text);
            Assert.Equal(text, tokens.Read("kind", token));
            Assert.Null(tokens.Read("other", token));
            Assert.Null(tokens.Read("kind", token + " "));
            Assert.Null(tokens.Read("kind", token.TrimEnd('=') + (token.EndsWith('=') ? "" : "=")));
            for (var i = 0; i < token.Length; i++)
            {
                Assert.Null(tokens.Read("kind", Changed(token, i)));
            }
        }
    }

    private async IAsyncEnumerable<Row> Rows(ListedCloud cloud, IEnumerable<string> table)
    {
        foreach (var line in table)
        {
            var row = Row.Of(line);
            var (status, text) = await cloud.Ask(row.Service, row.Operation, row.Parameters, null);
            var token = status < 300 ? ListedCloud.Next(row.Service, row.Operation, text) : null;
            Check(token is not null, $"{row} gives no token: {status} {text}");
            if (token is not null)
            {
                yield return row with
                {
                    Token = token,
                };
            }
        }
    }

    private async Task Refused(ListedCloud cloud, Row row, string parameters, string token, string why)
    {
        var (status, text) = await cloud.Ask(row.Service, row.Operation, parameters, token);
        Check(status == 400 && row.IsRefused(text), $"{row} takes a token {why}: {status} {text}");
    }

    private async Task GoesOn(ListedCloud cloud, Row row)
    {
        var (status, text) = await cloud.Ask(row.Service, row.Operation, row.Parameters, row.Token);
        Check(status == 200, $"{row} does not go on: {status} {text}");
    }

    private void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            wrong.Add(otherwise.Length > 400 ? otherwise[..400] : otherwise);
        }
    }

    /// <summary>The next letter of Base64's in one place.</summary>
    private static string Changed(string text, int at)
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        return text[..at] + letters[(letters.IndexOf(text[at], StringComparison.Ordinal) + 1) % letters.Length] + text[(at + 1)..];
    }

    private sealed record Row(string Service, string Operation, string Parameters, string Error, string? Other)
    {
        public string Token { get; init; } = "";

        public static Row Of(string line) =>
            line.Split(' ') is [var service, var operation, var parameters, var error, .. var other]
                ? new(service, operation, parameters == "-" ? "" : parameters, error, other is [var one] ? one : null)
                : throw new FormatException(line);

        /// <summary>Not of one resource, which another account does not have.</summary>
        public bool IsOfAccount => !Regex.IsMatch($"{Operation} {Parameters}", "[/=](one|dead1)|KEY1|:one|_one|topic0");

        public bool IsRefused(string text) => text.Contains(Error, StringComparison.Ordinal);

        public override string ToString() => $"{Service} {Operation} {Parameters}";
    }
}
