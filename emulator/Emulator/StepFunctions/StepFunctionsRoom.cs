using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.StepFunctions.Integrations;
using Disa.Emulator.StepFunctions.MapRuns;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.StepFunctions;

/// <summary>Step Functions: state machines, their executions, and the worker that moves these on.</summary>
public sealed class StepFunctionsRoom : Room
{
    public static readonly IReadOnlyList<Migration> Migrations =
    [
        StateMachines.Revisions,
        Executions.Tables,
        Activities.Tasks,
        Executions.Versions,
        MapRuns.MapRuns.Tables,
    ];

    private readonly Database database;
    private readonly AwsService service;
    private readonly IReadOnlyList<IResource> resources;
    private readonly ExecutionWorker worker;
    private readonly MapRunner maps;

    internal StepFunctionsRoom(
        Database database,
        Clock clock,
        Tokens tokens,
        ServiceDirectory services,
        Neighbours neighbours,
        UsageMeter meter,
        ILogger logger
    )
    {
        this.database = database;

        // "Each pagination token expires after 24 hours": API_ListExecutions and its neighbours.
        var lists = new Listings(tokens, "states", StepFunctionsErrors.InvalidToken) { Expiry = (clock, TimeSpan.FromHours(24)) };
        var machines = new StateMachines(database, services);
        var versions = new StateMachineVersions(database, machines);
        Diagnose = definition => machines.Diagnose(definition, StateMachineDocument.Standard);
        var tasks = new TaskRunner(services, neighbours, clock);
        var activities = new Activities(database);
        var polls = new Arrivals(clock, "GetActivityTask");
        var s3 = new S3Calls(services);
        maps = new MapRunner(database, machines, new ItemSource(s3), new ResultExport(s3), neighbours, clock, logger);
        worker = maps.Worker = new ExecutionWorker(
            database,
            machines,
            activities,
            polls,
            tasks,
            maps,
            new ExecutionReports(neighbours, clock, logger),
            new ExecutionUsage(meter),
            clock,
            logger
        );
        var json = StepFunctionsJson.Default;
        var delivery = new LogDelivery(neighbours, services, clock);
        var create = new CreateStateMachine(database, machines, versions, clock, delivery);
        var update = new UpdateStateMachine(database, machines, versions, clock, delivery);
        var delete = new DeleteStateMachine(database, machines, versions);
        var publish = new PublishStateMachineVersion(database, machines, versions, clock);
        var deleteVersion = new DeleteStateMachineVersion(database, versions);
        var createAlias = new CreateStateMachineAlias(database, versions, clock);
        var updateAlias = new UpdateStateMachineAlias(database, versions, clock);
        var deleteAlias = new DeleteStateMachineAlias(database, versions);
        var tags = new Tags(database, machines, activities);
        var start = new StartExecution(database, machines, versions, worker, clock);
        var answers = new SendTaskSuccess(database, worker);
        service = new AwsService(
            "states",
            [
                Operation.Of("CreateStateMachine", json.CreateStateMachineRequest, json.CreateStateMachineResponse, create.Run),
                Operation.Of("UpdateStateMachine", json.UpdateStateMachineRequest, json.UpdateStateMachineResponse, update.Run),
                Operation.Of("DeleteStateMachine", json.DeleteStateMachineRequest, json.EmptyResponse, delete.Run),
                Operation.Of(
                    "DescribeStateMachine",
                    json.DescribeStateMachineRequest,
                    json.DescribeStateMachineResponse,
                    new DescribeStateMachine(versions).Run
                ),
                Operation.Of(
                    "DescribeStateMachineForExecution",
                    json.DescribeStateMachineForExecutionRequest,
                    json.DescribeStateMachineForExecutionResponse,
                    new DescribeStateMachineForExecution(database).Run
                ),
                Operation.Of(
                    "ListStateMachines",
                    json.ListStateMachinesRequest,
                    json.ListStateMachinesResponse,
                    new ListStateMachines(machines, lists).Run
                ),
                Operation.Of(
                    "ValidateStateMachineDefinition",
                    json.ValidateStateMachineDefinitionRequest,
                    json.ValidateStateMachineDefinitionResponse,
                    new ValidateStateMachineDefinition(machines).Run
                ),
                Operation.Of(
                    "CreateActivity",
                    json.CreateActivityRequest,
                    json.CreateActivityResponse,
                    new CreateActivity(database, activities, clock).Run
                ),
                Operation.Of(
                    "DeleteActivity",
                    json.DeleteActivityRequest,
                    json.EmptyResponse,
                    new DeleteActivity(database, activities).Run
                ),
                Operation.Of(
                    "DescribeActivity",
                    json.DescribeActivityRequest,
                    json.DescribeActivityResponse,
                    new DescribeActivity(activities).Run
                ),
                Operation.Of(
                    "ListActivities",
                    json.ListActivitiesRequest,
                    json.ListActivitiesResponse,
                    new ListActivities(activities, lists).Run
                ),
                Operation.Of(
                    "GetActivityTask",
                    json.GetActivityTaskRequest,
                    json.GetActivityTaskResponse,
                    new GetActivityTask(database, activities, polls, worker, clock).Run,
                    waits: true
                ),
                Operation.Of(
                    "TestState",
                    json.TestStateRequest,
                    json.TestStateResponse,
                    new TestState(services, tasks, clock).Run,
                    waits: true
                ),
                Operation.Of(
                    "PublishStateMachineVersion",
                    json.PublishStateMachineVersionRequest,
                    json.PublishStateMachineVersionResponse,
                    publish.Run
                ),
                Operation.Of(
                    "ListStateMachineVersions",
                    json.ListStateMachineVersionsRequest,
                    json.ListStateMachineVersionsResponse,
                    new ListStateMachineVersions(machines, versions, lists).Run
                ),
                Operation.Of("DeleteStateMachineVersion", json.DeleteStateMachineVersionRequest, json.EmptyResponse, deleteVersion.Run),
                Operation.Of(
                    "CreateStateMachineAlias",
                    json.CreateStateMachineAliasRequest,
                    json.CreateStateMachineAliasResponse,
                    createAlias.Run
                ),
                Operation.Of(
                    "UpdateStateMachineAlias",
                    json.UpdateStateMachineAliasRequest,
                    json.UpdateStateMachineAliasResponse,
                    updateAlias.Run
                ),
                Operation.Of(
                    "DescribeStateMachineAlias",
                    json.DescribeStateMachineAliasRequest,
                    json.DescribeStateMachineAliasResponse,
                    new DescribeStateMachineAlias(versions).Run
                ),
                Operation.Of(
                    "ListStateMachineAliases",
                    json.ListStateMachineAliasesRequest,
                    json.ListStateMachineAliasesResponse,
                    new ListStateMachineAliases(machines, versions, lists).Run
                ),
                Operation.Of("DeleteStateMachineAlias", json.DeleteStateMachineAliasRequest, json.EmptyResponse, deleteAlias.Run),
                Operation.Of("TagResource", json.TagResourceRequest, json.EmptyResponse, tags.Add),
                Operation.Of("UntagResource", json.UntagResourceRequest, json.EmptyResponse, tags.Remove),
                Operation.Of("ListTagsForResource", json.ListTagsForResourceRequest, json.ListTagsForResourceResponse, tags.List),
                Operation.Of("StartExecution", json.StartExecutionRequest, json.StartExecutionResponse, start.Run),
                Operation.Of(
                    "StartSyncExecution",
                    json.StartSyncExecutionRequest,
                    json.StartSyncExecutionResponse,
                    new StartSyncExecution(versions, start, worker).Run,
                    waits: true
                ),
                Operation.Of(
                    "StopExecution",
                    json.StopExecutionRequest,
                    json.StopExecutionResponse,
                    new StopExecution(database, worker).Run
                ),
                Operation.Of(
                    "DescribeExecution",
                    json.DescribeExecutionRequest,
                    json.DescribeExecutionResponse,
                    new DescribeExecution(database, clock).Run
                ),
                Operation.Of(
                    "RedriveExecution",
                    json.RedriveExecutionRequest,
                    json.RedriveExecutionResponse,
                    new RedriveExecution(database, machines, worker, clock).Run
                ),
                Operation.Of("DescribeMapRun", json.DescribeMapRunRequest, json.DescribeMapRunResponse, new DescribeMapRun(database).Run),
                Operation.Of("ListMapRuns", json.ListMapRunsRequest, json.ListMapRunsResponse, new ListMapRuns(database, lists).Run),
                Operation.Of("UpdateMapRun", json.UpdateMapRunRequest, json.EmptyResponse, new UpdateMapRun(database, maps).Run),
                Operation.Of(
                    "ListExecutions",
                    json.ListExecutionsRequest,
                    json.ListExecutionsResponse,
                    new ListExecutions(database, versions, lists).Run
                ),
                Operation.Of(
                    "GetExecutionHistory",
                    json.GetExecutionHistoryRequest,
                    json.GetExecutionHistoryResponse,
                    new GetExecutionHistory(database, lists).Run
                ),
                Operation.Of("SendTaskSuccess", json.SendTaskSuccessRequest, json.EmptyResponse, answers.Run),
                Operation.Of("SendTaskFailure", json.SendTaskFailureRequest, json.EmptyResponse, answers.Fail),
                Operation.Of("SendTaskHeartbeat", json.SendTaskHeartbeatRequest, json.EmptyResponse, answers.Heartbeat),
            ]
        )
        {
            SdkName = "sfn",
            Rights = new MachineRights(machines).Of,
            SdkErrorPrefix = "Sfn",
            Protocols = Protocols.Json,
            TargetPrefix = "AWSStepFunctions",
            JsonVersion = "1.0",
        };
        resources =
        [
            new StateMachineResource(create, update, delete, neighbours.Read),
            new StateMachineVersionResource(publish, deleteVersion),
            new StateMachineAliasResource(createAlias, updateAlias, deleteAlias),
        ];
    }

    /// <summary>What is wrong with a definition, and with what it calls.</summary>
    internal Func<string, IReadOnlyList<Disa.Asl.Diagnostic>> Diagnose { get; }

    public override IEnumerable<AwsService> Services => [service];

    public override IEnumerable<IResource> Resources => resources;

    public override IEnumerable<Upcoming> Upcoming(string account, int limit) =>
        database.Read(transaction => Executions.Upcoming(transaction, account, limit));

    public override void Start()
    {
        worker.Start();
        maps.Start();
    }

    public override void Reset(Transaction transaction, string account)
    {
        Executions.Reset(transaction, account);
        StateMachines.Reset(transaction, account);
        Activities.Reset(transaction, account);
    }

    public override async ValueTask DisposeAsync()
    {
        await maps.DisposeAsync().ConfigureAwait(false);
        await worker.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
