using System.Text.Json;
using Disa.Emulator.Events;
using Disa.Emulator.Tests.CloudFormation;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.Events;

/// <summary>
/// Archives: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html. Answers and refusals as recorded on AWS 17-05-2024
/// (localstack's snapshot test_archive_and_replay); filters of lists as in moto's tests.
/// </summary>
public sealed class ArchiveTests
{
    private const string Bus = "arn:aws:events:us-east-1:000000000000:event-bus/default";

    [Fact]
    public async Task An_archive_is_made_described_listed_changed_and_deleted()
    {
        await using var cloud = await Start();
        var made = await Call(
            cloud,
            "CreateArchive",
            $$"""{"ArchiveName":"a","EventSourceArn":"{{Bus}}","Description":"d","EventPattern":"{\"source\":[\"shop\"]}","RetentionDays":1}"""
        );
        Assert.Equal("arn:aws:events:us-east-1:000000000000:archive/a", made.GetProperty("ArchiveArn").GetString());
        Assert.Equal(["ArchiveArn", "CreationTime", "State"], Names(made));
        var described = await Call(cloud, "DescribeArchive", """{"ArchiveName":"a"}""");
        Assert.Equal(
            [
                "ArchiveArn",
                "ArchiveName",
                "CreationTime",
                "Description",
                "EventCount",
                "EventPattern",
                "EventSourceArn",
                "RetentionDays",
                "SizeBytes",
                "State",
            ],
            Names(described)
        );
        Assert.Equal(
            (Bus, 1, 0, "ENABLED"),
            (
                described.GetProperty("EventSourceArn").GetString(),
                described.GetProperty("RetentionDays").GetInt32(),
                described.GetProperty("EventCount").GetInt32(),
                described.GetProperty("State").GetString()
            )
        );
        foreach (var filter in (string[])["{}", """{"NamePrefix":"a"}""", """{"State":"ENABLED"}""", $$"""{"EventSourceArn":"{{Bus}}"}"""])
        {
            var entry = Assert.Single((await Call(cloud, "ListArchives", filter)).GetProperty("Archives").EnumerateArray());
            Assert.Equal(
                ["ArchiveName", "CreationTime", "EventCount", "EventSourceArn", "RetentionDays", "SizeBytes", "State"],
                Names(entry)
            );
        }

        Assert.Empty((await Call(cloud, "ListArchives", """{"NamePrefix":"b"}""")).GetProperty("Archives").EnumerateArray());
        await Call(cloud, "UpdateArchive", """{"ArchiveName":"a","RetentionDays":2}""");
        described = await Call(cloud, "DescribeArchive", """{"ArchiveName":"a"}""");
        Assert.Equal((2, "d"), (described.GetProperty("RetentionDays").GetInt32(), described.GetProperty("Description").GetString()));
        await Call(cloud, "DeleteArchive", """{"ArchiveName":"a"}""");
        Assert.Contains("Archive a does not exist.", await Refused(cloud, "DescribeArchive", """{"ArchiveName":"a"}"""));
    }

    [Fact]
    public async Task It_keeps_the_events_of_its_bus_that_match_for_as_long_as_it_says()
    {
        await using var cloud = await Start();
        await Call(cloud, "CreateEventBus", """{"Name":"other"}""");
        await Call(
            cloud,
            "CreateArchive",
            $$"""{"ArchiveName":"a","EventSourceArn":"{{Bus}}","EventPattern":"{\"source\":[\"shop\"]}","RetentionDays":1}"""
        );
        await Call(cloud, "CreateArchive", $$"""{"ArchiveName":"all","EventSourceArn":"{{Bus}}"}""");
        await Call(cloud, "CreateArchive", $$"""{"ArchiveName":"none","EventSourceArn":"{{Bus.Replace("default", "other")}}"}""");

        await Put(cloud, "shop", "house");
        Assert.Equal((0, 0, 0), await Counts(cloud));
        await cloud.Cloud.Advance(ArchivedEvents.Delay);
        Assert.Equal((1, 2, 0), await Counts(cloud));

        await cloud.Cloud.Advance(TimeSpan.FromDays(1));
        Assert.Equal((0, 2, 0), await Counts(cloud));
        await cloud.Cloud.Advance(TimeSpan.FromHours(2));
        Assert.Equal(2, Rows(cloud));
        await Call(cloud, "DeleteArchive", """{"ArchiveName":"all"}""");
        Assert.Equal(0, Rows(cloud));
    }

    [Theory]
    [InlineData(
        "CreateArchive",
        """{"ArchiveName":"a","EventSourceArn":"BUS"}""",
        "ResourceAlreadyExistsException",
        "Archive a already exists."
    )]
    [InlineData(
        "CreateArchive",
        """{"ArchiveName":"b","EventSourceArn":"arn:aws:events:us-east-1:123456789012:event-bus/none"}""",
        "ResourceNotFoundException",
        "Event bus none does not exist."
    )]
    [InlineData(
        "CreateArchive",
        """{"ArchiveName":"b","EventSourceArn":"arn:aws:events:us-east-1:000000000000:event-bus/none"}""",
        "ResourceNotFoundException",
        "Event bus none does not exist."
    )]
    [InlineData(
        "CreateArchive",
        """{"ArchiveName":"b","EventSourceArn":"BUS","EventPattern":"{"}""",
        "InvalidEventPatternException",
        "Event pattern is not valid"
    )]
    [InlineData(
        "CreateArchive",
        """{"ArchiveName":"b","EventSourceArn":"BUS","RetentionDays":-1}""",
        "ValidationException",
        "retentionDays"
    )]
    [InlineData(
        "CreateArchive",
        """{"ArchiveName":"a2345678901234567890123456789012345678901234567890","EventSourceArn":"BUS"}""",
        "ValidationException",
        "Member must have length less than or equal to 48"
    )]
    [InlineData(
        "CreateArchive",
        """{"ArchiveName":"b","EventSourceArn":"BUS","KmsKeyIdentifier":"k"}""",
        "NotImplemented",
        "KmsKeyIdentifier"
    )]
    [InlineData("DeleteArchive", """{"ArchiveName":"none"}""", "ResourceNotFoundException", "Archive none does not exist.")]
    [InlineData("DescribeArchive", """{"ArchiveName":"none"}""", "ResourceNotFoundException", "Archive none does not exist.")]
    [InlineData(
        "ListArchives",
        """{"EventSourceArn":"arn:aws:events:us-east-1:000000000000:event-bus/none"}""",
        "ResourceNotFoundException",
        "Event bus none does not exist."
    )]
    [InlineData(
        "ListArchives",
        """{"State":"ENABLED","NamePrefix":"a"}""",
        "ValidationException",
        "At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, or NamePrefix."
    )]
    [InlineData(
        "ListArchives",
        """{"State":"no"}""",
        "ValidationException",
        "Value 'no' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [ENABLED, DISABLED, CREATING, UPDATING, CREATE_FAILED, UPDATE_FAILED]"
    )]
    public async Task What_cannot_be_archived_is_refused_in_these_words(string operation, string body, string type, string message)
    {
        await using var cloud = await Start();
        await Call(cloud, "CreateArchive", $$"""{"ArchiveName":"a","EventSourceArn":"{{Bus}}"}""");

        var refused = await Refused(cloud, operation, body.Replace("BUS", Bus, StringComparison.Ordinal));

        Assert.Contains(type, refused);
        Assert.Contains(message, refused);
    }

    [Fact]
    public async Task A_bus_with_an_archive_stays()
    {
        await using var cloud = await Start();
        await Call(cloud, "CreateEventBus", """{"Name":"other"}""");
        await Call(cloud, "CreateArchive", $$"""{"ArchiveName":"a","EventSourceArn":"{{Bus.Replace("default", "other")}}"}""");

        Assert.Contains("Event bus can't be deleted since it has rules.", await Refused(cloud, "DeleteEventBus", """{"Name":"other"}"""));
        await Call(cloud, "DeleteArchive", """{"ArchiveName":"a"}""");
        await Call(cloud, "DeleteEventBus", """{"Name":"other"}""");
    }

    [Fact]
    public async Task Archives_and_their_events_survive_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("disa-test-").FullName;
        try
        {
            await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = folder }))
            {
                await Call(cloud, "CreateArchive", $$"""{"ArchiveName":"a","EventSourceArn":"{{Bus}}"}""");
                await Put(cloud, "shop");
                await cloud.Cloud.Advance(ArchivedEvents.Delay);
            }

            await using var again = await TestCloud.Start(new LocalCloudOptions { DataDirectory = folder });
            Assert.Equal(1, await Count(again, "a"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-archive.html</summary>
    [Fact]
    public async Task A_template_makes_changes_and_removes_one()
    {
        await using var stacks = await StackCloud.Start();
        const string template = """
            Resources:
              B: {Type: AWS::Events::EventBus, Properties: {Name: other}}
              A:
                Type: AWS::Events::Archive
                Properties: {SourceArn: !GetAtt B.Arn, EventPattern: {source: [shop]}, RetentionDays: 3, Description: d}
            Outputs: {Name: {Value: !Ref A}, Arn: {Value: !GetAtt A.Arn}}
            """;
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", template));
        var name = await stacks.Output("s", "Name");
        Assert.Matches("^s-A-[0-9A-F]{12}$", name);
        Assert.Equal($"arn:aws:events:us-east-1:000000000000:archive/{name}", await stacks.Output("s", "Arn"));
        var described = await Call(stacks.Cloud, "DescribeArchive", $$"""{"ArchiveName":"{{name}}"}""");
        Assert.Equal("""{"source":["shop"]}""", described.GetProperty("EventPattern").GetString());

        Assert.Equal(
            "UPDATE_COMPLETE",
            await stacks.Do("UpdateStack", "s", template.Replace("RetentionDays: 3, Description: d", "RetentionDays: 4"))
        );
        described = await Call(stacks.Cloud, "DescribeArchive", $$"""{"ArchiveName":"{{name}}"}""");
        Assert.Equal((4, false), (described.GetProperty("RetentionDays").GetInt32(), described.TryGetProperty("Description", out _)));

        Assert.Equal("DELETE_COMPLETE", await stacks.Do("DeleteStack", "s"));
        Assert.Empty((await Call(stacks.Cloud, "ListArchives", "{}")).GetProperty("Archives").EnumerateArray());
    }

    private static Task<TestCloud> Start() =>
        TestCloud.Start(new LocalCloudOptions { Wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 30, 20, TimeSpan.Zero)) });

    private static string[] Names(JsonElement element) =>
        [.. element.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)];

    private static Task<JsonElement> Put(TestCloud cloud, params string[] sources) =>
        Call(
            cloud,
            "PutEvents",
            $$"""{"Entries":[{{string.Join(',', sources.Select(source => $$"""{"Source":"{{source}}","DetailType":"t","Detail":"{}"}"""))}}]}"""
        );

    private static async Task<(int A, int All, int None)> Counts(TestCloud cloud) =>
        (await Count(cloud, "a"), await Count(cloud, "all"), await Count(cloud, "none"));

    private static async Task<int> Count(TestCloud cloud, string archive) =>
        (await Call(cloud, "DescribeArchive", $$"""{"ArchiveName":"{{archive}}"}""")).GetProperty("EventCount").GetInt32();

    private static long Rows(TestCloud cloud) =>
        cloud.Cloud.Database.Read(transaction => transaction.Number("SELECT COUNT(*) FROM events_archived"))!.Value;

    private static Task<JsonElement> Call(TestCloud cloud, string operation, string body) =>
        cloud.Json("events", "AWSEvents." + operation, body);

    private static async Task<string> Refused(TestCloud cloud, string operation, string body)
    {
        var error = JsonElement.Parse((await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, operation, body))).Body);
        return $"{error.GetProperty("__type").GetString()}: {error.GetProperty("message").GetString()}";
    }
}
