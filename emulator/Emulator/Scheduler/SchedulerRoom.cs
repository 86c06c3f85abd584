using Disa.Emulator.Aws;
using Disa.Emulator.Events;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Scheduler;

/// <summary>Amazon EventBridge Scheduler: schedules, one-time and recurring, in groups.</summary>
public sealed class SchedulerRoom : Room
{
    private readonly Schedules schedules;
    private readonly ScheduleWorker worker;
    private readonly List<AwsService> services;
    private readonly List<IResource> resources;

    /// <param name="database">Where everything is kept.</param>
    /// <param name="clock">The emulator's.</param>
    /// <param name="tokens">Sign where pages end.</param>
    /// <param name="events">Delivers what schedules send.</param>
    /// <param name="directory">To refuse unknown universal targets when they are set.</param>
    /// <param name="meter">Counts invocations.</param>
    /// <param name="loggers">For the worker's log.</param>
    internal SchedulerRoom(
        Database database,
        Clock clock,
        Tokens tokens,
        EventsRoom events,
        ServiceDirectory directory,
        UsageMeter meter,
        ILoggerFactory loggers
    )
    {
        ArgumentNullException.ThrowIfNull(events);
        schedules = new Schedules(database, tokens);
        worker = new ScheduleWorker(schedules, events.Deliveries.Signal, meter, clock, loggers.CreateLogger("Disa.Scheduler"));
        schedules.Signal = worker.Signal;
        var create = new CreateSchedule(schedules, directory, clock);
        var delete = new DeleteSchedule(schedules);
        var groups = new ScheduleGroups(schedules, clock);
        var json = SchedulerJson.Default;
        const string one = "/schedules/{Name}";
        const string group = "/schedule-groups/{Name}";
        const string tags = "/tags/{ResourceArn+}";
        var inGroup = new Dictionary<string, string> { ["groupName"] = "GroupName", ["clientToken"] = "ClientToken" };
        var paging = new Dictionary<string, string>
        {
            ["NamePrefix"] = "NamePrefix",
            ["NextToken"] = "NextToken",
            ["MaxResults"] = "MaxResults",
        };
        services =
        [
            new AwsService(
                "scheduler",
                [
                    Operation.Of(
                        "CreateSchedule",
                        json.ScheduleRequest,
                        json.ScheduleResponse,
                        create.Create,
                        new RestBinding("POST", one)
                    ),
                    Operation.Of("UpdateSchedule", json.ScheduleRequest, json.ScheduleResponse, create.Update, new RestBinding("PUT", one)),
                    Operation.Of(
                        "GetSchedule",
                        json.ScheduleNameRequest,
                        json.GetScheduleResponse,
                        new GetSchedule(schedules).Run,
                        new RestBinding("GET", one) { Query = inGroup }
                    ),
                    Operation.Of(
                        "DeleteSchedule",
                        json.ScheduleNameRequest,
                        json.EmptyResponse,
                        delete.Run,
                        new RestBinding("DELETE", one) { Query = inGroup }
                    ),
                    Operation.Of(
                        "ListSchedules",
                        json.ListSchedulesRequest,
                        json.ListSchedulesResponse,
                        new ListSchedules(schedules).Run,
                        new RestBinding("GET", "/schedules")
                        {
                            Query = new Dictionary<string, string>(paging) { ["ScheduleGroup"] = "GroupName", ["State"] = "State" },
                        }
                    ),
                    Operation.Of(
                        "CreateScheduleGroup",
                        json.CreateScheduleGroupRequest,
                        json.CreateScheduleGroupResponse,
                        groups.Create,
                        new RestBinding("POST", group)
                    ),
                    Operation.Of(
                        "GetScheduleGroup",
                        json.ScheduleGroupRequest,
                        json.ScheduleGroupResponse,
                        groups.Get,
                        new RestBinding("GET", group)
                    ),
                    Operation.Of(
                        "DeleteScheduleGroup",
                        json.ScheduleGroupRequest,
                        json.EmptyResponse,
                        groups.Delete,
                        new RestBinding("DELETE", group) { Query = new Dictionary<string, string> { ["clientToken"] = "ClientToken" } }
                    ),
                    Operation.Of(
                        "ListScheduleGroups",
                        json.ListScheduleGroupsRequest,
                        json.ListScheduleGroupsResponse,
                        groups.List,
                        new RestBinding("GET", "/schedule-groups") { Query = paging }
                    ),
                    Operation.Of(
                        "ListTagsForResource",
                        json.ListTagsForResourceRequest,
                        json.ListTagsForResourceResponse,
                        groups.Tags,
                        new RestBinding("GET", tags)
                    ),
                    Operation.Of("TagResource", json.TagResourceRequest, json.EmptyResponse, groups.Tag, new RestBinding("POST", tags)),
                    Operation.Of(
                        "UntagResource",
                        json.UntagResourceRequest,
                        json.EmptyResponse,
                        groups.Untag,
                        new RestBinding("DELETE", tags) { Query = new Dictionary<string, string> { ["TagKeys"] = "TagKeys" } }
                    ),
                ]
            )
            {
                SdkName = "scheduler",
                Rights = ScheduleRights.Of,
                TagsOf = (arn, caller) => ScheduleRights.TagsOf(schedules, arn, caller),
                TagsIn = ScheduleRights.TagsIn,
                SdkErrorPrefix = "Scheduler",
                Protocols = Protocols.RestJson,
            },
        ];
        resources = [new ScheduleResource(create, delete), new ScheduleGroupResource(groups)];
    }

    public static IReadOnlyList<Migration> Migrations => Schedules.Migrations;

    public override IEnumerable<AwsService> Services => services;

    public override IEnumerable<IResource> Resources => resources;

    public override IEnumerable<Upcoming> Upcoming(string account, int limit) => schedules.Upcoming(account, limit);

    public override void Start() => worker.Start();

    public override void Reset(Transaction transaction, string account) => Schedules.Reset(transaction, account);

    public override async ValueTask DisposeAsync()
    {
        await worker.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
