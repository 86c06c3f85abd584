using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Events;

/// <summary>Amazon EventBridge: buses, rules with patterns or schedules, targets.</summary>
public sealed class EventsRoom : Room
{
    private readonly ScheduledRules scheduled;
    private readonly Replays replays;
    private readonly List<AwsService> services;
    private readonly List<IResource> resources;

    /// <param name="database">Where everything is kept.</param>
    /// <param name="clock">The emulator's.</param>
    /// <param name="tokens">Sign where pages end.</param>
    /// <param name="bus">Where events come in, also those of other rooms.</param>
    /// <param name="calls">How targets are called.</param>
    /// <param name="secrets">Keeps what is secret of connections.</param>
    /// <param name="loggers">For the workers' logs.</param>
    internal EventsRoom(
        Database database,
        Clock clock,
        Tokens tokens,
        EventBus bus,
        TargetCalls calls,
        SecretKeeper secrets,
        ILoggerFactory loggers
    )
    {
        var logger = loggers.CreateLogger("Disa.Events");
        Deliveries = new DeliveryQueue(database, calls, clock, logger);
        bus.Signal = Deliveries.Signal;
        scheduled = new ScheduledRules(database, bus, clock, logger);
        replays = new Replays(database, bus, clock, logger);
        var rules = new Rules(database, bus, tokens);
        var archives = new Archives(rules, clock);
        var createArchive = new CreateArchive(archives, replays.Signal);
        var updateArchive = new UpdateArchive(archives);
        var deleteArchive = new DeleteArchive(archives);
        var put = new PutRule(rules, clock, scheduled.Signal);
        var delete = new DeleteRule(rules);
        var enable = new EnableRule(rules, scheduled.Signal);
        var targets = new PutTargets(rules);
        var remove = new RemoveTargets(rules);
        var buses = new EventBuses(rules, clock);
        var tags = new Tags(rules);
        var permissions = new BusPermissions(rules, clock);
        var connections = new Connections(rules, secrets);
        var destinations = new ApiDestinations(rules);
        var json = EventsJson.Default;
        services =
        [
            new AwsService(
                "events",
                [
                    Operation.Of("PutRule", json.PutRuleRequest, json.PutRuleResponse, put.Run),
                    Operation.Of("DescribeRule", json.RuleRequest, json.DescribeRuleResponse, new DescribeRule(rules).Run),
                    Operation.Of("ListRules", json.ListRulesRequest, json.ListRulesResponse, new ListRules(rules).Run),
                    Operation.Of(
                        "ListRuleNamesByTarget",
                        json.ListRuleNamesByTargetRequest,
                        json.ListRuleNamesByTargetResponse,
                        new ListRuleNamesByTarget(rules).Run
                    ),
                    Operation.Of("DeleteRule", json.RuleRequest, delete.Run),
                    Operation.Of("EnableRule", json.RuleRequest, enable.Enable),
                    Operation.Of("DisableRule", json.RuleRequest, enable.Disable),
                    Operation.Of("PutTargets", json.PutTargetsRequest, json.FailedEntriesResponse, targets.Run),
                    Operation.Of("RemoveTargets", json.RemoveTargetsRequest, json.FailedEntriesResponse, remove.Run),
                    Operation.Of(
                        "ListTargetsByRule",
                        json.ListTargetsByRuleRequest,
                        json.ListTargetsByRuleResponse,
                        new ListTargetsByRule(rules).Run
                    ),
                    Operation.Of("PutEvents", json.PutEventsRequest, json.PutEventsResponse, new PutEvents(bus, clock).Run),
                    Operation.Of("TestEventPattern", json.TestEventPatternRequest, json.TestEventPatternResponse, TestEventPattern.Run),
                    Operation.Of("CreateEventBus", json.CreateEventBusRequest, json.CreateEventBusResponse, buses.Create),
                    Operation.Of("DescribeEventBus", json.EventBusRequest, json.DescribeEventBusResponse, buses.Describe),
                    Operation.Of("ListEventBuses", json.ListEventBusesRequest, json.ListEventBusesResponse, buses.List),
                    Operation.Of("DeleteEventBus", json.EventBusRequest, buses.Delete),
                    Operation.Of("CreateArchive", json.CreateArchiveRequest, json.ArchiveResponse, createArchive.Run),
                    Operation.Of("DescribeArchive", json.ArchiveRequest, json.DescribeArchiveResponse, new DescribeArchive(archives).Run),
                    Operation.Of("UpdateArchive", json.UpdateArchiveRequest, json.ArchiveResponse, updateArchive.Run),
                    Operation.Of("DeleteArchive", json.ArchiveRequest, json.EmptyResponse, deleteArchive.Run),
                    Operation.Of("ListArchives", json.ListArchivesRequest, json.ListArchivesResponse, new ListArchives(archives).Run),
                    Operation.Of(
                        "StartReplay",
                        json.StartReplayRequest,
                        json.StartReplayResponse,
                        new StartReplay(archives, replays.Signal).Run
                    ),
                    Operation.Of("DescribeReplay", json.ReplayRequest, json.DescribeReplayResponse, new DescribeReplay(archives).Run),
                    Operation.Of("ListReplays", json.ListReplaysRequest, json.ListReplaysResponse, new ListReplays(archives).Run),
                    Operation.Of(
                        "CancelReplay",
                        json.ReplayRequest,
                        json.CancelReplayResponse,
                        new CancelReplay(archives, replays.Signal).Run
                    ),
                    Operation.Of("CreateConnection", json.CreateConnectionRequest, json.ConnectionResponse, connections.Create),
                    Operation.Of("DescribeConnection", json.ConnectionRequest, json.DescribeConnectionResponse, connections.Describe),
                    Operation.Of("UpdateConnection", json.CreateConnectionRequest, json.ConnectionResponse, connections.Update),
                    Operation.Of("DeleteConnection", json.ConnectionRequest, json.ConnectionResponse, connections.Delete),
                    Operation.Of("ListConnections", json.ListConnectionsRequest, json.ListConnectionsResponse, connections.List),
                    Operation.Of(
                        "CreateApiDestination",
                        json.CreateApiDestinationRequest,
                        json.ApiDestinationResponse,
                        destinations.Create
                    ),
                    Operation.Of("DescribeApiDestination", json.ApiDestinationRequest, json.ApiDestinationEntry, destinations.Describe),
                    Operation.Of(
                        "UpdateApiDestination",
                        json.CreateApiDestinationRequest,
                        json.ApiDestinationResponse,
                        destinations.Update
                    ),
                    Operation.Of("DeleteApiDestination", json.ApiDestinationRequest, json.EmptyResponse, destinations.Delete),
                    Operation.Of(
                        "ListApiDestinations",
                        json.ListApiDestinationsRequest,
                        json.ListApiDestinationsResponse,
                        destinations.List
                    ),
                    Operation.Of("PutPermission", json.PutPermissionRequest, permissions.Put),
                    Operation.Of("RemovePermission", json.RemovePermissionRequest, permissions.Remove),
                    Operation.Of("ListTagsForResource", json.ListTagsForResourceRequest, json.ListTagsForResourceResponse, tags.List),
                    Operation.Of("TagResource", json.TagResourceRequest, json.EmptyResponse, tags.Add),
                    Operation.Of("UntagResource", json.UntagResourceRequest, json.EmptyResponse, tags.Remove),
                ]
            )
            {
                SdkName = "eventbridge",
                Rights = (operation, request, caller) => RuleRights.Of(operation, request, caller, bus),
                TagsOf = tags.Of,
                TagsIn = RuleRights.TagsIn,
                SdkErrorPrefix = "EventBridge",
                Protocols = Protocols.Json,
                TargetPrefix = "AWSEvents",
                JsonVersion = "1.1",
            },
        ];
        resources =
        [
            new RuleResource(put, delete, targets, remove, rules),
            new EventBusResource(buses),
            new ArchiveResource(createArchive, updateArchive, deleteArchive, archives),
            new ConnectionResource(connections),
            new ApiDestinationResource(destinations),
        ];
    }

    public static IReadOnlyList<Migration> Migrations { get; } = [.. DeliveryQueue.Migrations, ArchivedEvents.Migration];

    /// <summary>Also for schedules.</summary>
    internal DeliveryQueue Deliveries { get; }

    public override IEnumerable<AwsService> Services => services;

    public override IEnumerable<IResource> Resources => resources;

    public override IEnumerable<Upcoming> Upcoming(string account, int limit) =>
        scheduled
            .Upcoming(account)
            .Concat(replays.Upcoming(account))
            .OrderBy(next => next.At)
            .Take(limit)
            .Concat(Deliveries.Upcoming(account, limit));

    public override void Start()
    {
        Deliveries.Start();
        scheduled.Start();
        replays.Start();
    }

    public override void Reset(Transaction transaction, string account)
    {
        transaction.Execute("DELETE FROM events_delivery WHERE account = $1", account);
        ArchivedEvents.Reset(transaction, account);
    }

    public override async ValueTask DisposeAsync()
    {
        await replays.DisposeAsync().ConfigureAwait(false);
        await scheduled.DisposeAsync().ConfigureAwait(false);
        await Deliveries.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
