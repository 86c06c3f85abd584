using Disa.Emulator.CloudFormation.Deployment;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;
using Json = Disa.Emulator.CloudFormation.CloudFormationJson;

namespace Disa.Emulator.CloudFormation;

/// <summary>AWS CloudFormation: creates, changes and deletes what templates declare, through the resource types that the other rooms bring.</summary>
internal sealed class CloudFormationRoom : Room
{
    private readonly StackEngine engine;

    /// <param name="database">Where stacks are kept.</param>
    /// <param name="clock">The time of events and timeouts.</param>
    /// <param name="resources">Every other room's resource types.</param>
    /// <param name="endpoint">Where the emulator listens: its own URLs name objects too.</param>
    /// <param name="readObject">Reads templates from S3.</param>
    /// <param name="rights">What whoever deploys must be allowed.</param>
    /// <param name="services">What templates take values from, and what custom resources are made with.</param>
    /// <param name="alarms">What watches operations; null where there are no alarms.</param>
    /// <param name="tokens">Sign the addresses that are given away.</param>
    /// <param name="loggers">For what fails inside.</param>
    internal CloudFormationRoom(
        Database database,
        Clock clock,
        IReadOnlyList<IResource> resources,
        EmulatorEndpoint endpoint,
        ReadObject readObject,
        StepRights rights,
        ServiceDirectory services,
        AlarmBoard? alarms,
        Tokens tokens,
        ILoggerFactory loggers
    )
    {
        var store = new StackStore(database) { Lists = new Listings(tokens, "cloudformation", StackErrors.InvalidToken) };
        var calls = new ServiceCalls(services);
        var callbacks = new Callbacks(database, endpoint, tokens);
        var signals = new ResourceSignals(database, clock);
        var macros = new Macros(database, calls);
        AdminEndpoints = [callbacks.Endpoint];
        Types = new ResourceTypes(
            resources
                .Concat([
                    new WaitConditionHandle(callbacks),
                    new WaitCondition(callbacks, signals, clock),
                    new NestedStackType(),
                    new MacroResource(macros),
                    new CustomResource(CustomResource.Name, calls, callbacks, clock),
                ])
                .ToDictionary(r => r.Type, StringComparer.Ordinal),
            type => new CustomResource(type, calls, callbacks, clock)
        );
        var source = new TemplateSource(endpoint, readObject);
        engine = new StackEngine(
            store,
            Types,
            source,
            new TemplateTransforms(source, macros),
            rights,
            calls,
            alarms,
            clock,
            loggers.CreateLogger("Disa.CloudFormation")
        );
        var json = Json.Default;
        Service = new AwsService(
            "cloudformation",
            [
                Operation.Of("CreateStack", json.CreateStackRequest, json.StackIdResponse, (r, c, t) => CreateStack.Run(r, c, engine, t)),
                Operation.Of("UpdateStack", json.UpdateStackRequest, json.StackIdResponse, (r, c, t) => UpdateStack.Run(r, c, engine, t)),
                Operation.Of("DeleteStack", json.DeleteStackRequest, (r, c, _) => DeleteStack.Run(r, c, engine)),
                Operation.Of(
                    "DescribeStacks",
                    json.DescribeStacksRequest,
                    json.DescribeStacksResponse,
                    (r, c) => DescribeStacks.Run(r, c, store)
                ),
                Operation.Of("ListStacks", json.ListStacksRequest, json.ListStacksResponse, (r, c) => ListStacks.Run(r, c, store)),
                Operation.Of(
                    "DescribeStackEvents",
                    json.DescribeStackEventsRequest,
                    json.DescribeStackEventsResponse,
                    (r, c) => DescribeStackEvents.Run(r, c, store)
                ),
                Operation.Of(
                    "DescribeStackResource",
                    json.DescribeStackResourceRequest,
                    json.DescribeStackResourceResponse,
                    (r, c) => DescribeStackResource.Run(r, c, store)
                ),
                Operation.Of(
                    "DescribeStackResources",
                    json.DescribeStackResourcesRequest,
                    json.DescribeStackResourcesResponse,
                    (r, c) => DescribeStackResources.Run(r, c, store)
                ),
                Operation.Of(
                    "ListStackResources",
                    json.ListStackResourcesRequest,
                    json.ListStackResourcesResponse,
                    (r, c) => ListStackResources.Run(r, c, store)
                ),
                Operation.Of("GetTemplate", json.GetTemplateRequest, json.GetTemplateResponse, (r, c) => GetTemplate.Run(r, c, store)),
                Operation.Of(
                    "GetTemplateSummary",
                    json.GetTemplateSummaryRequest,
                    json.GetTemplateSummaryResponse,
                    (r, c, t) => GetTemplateSummary.Run(r, c, engine, t)
                ),
                Operation.Of(
                    "ValidateTemplate",
                    json.ValidateTemplateRequest,
                    json.ValidateTemplateResponse,
                    (r, c, t) => ValidateTemplate.Run(r, c, engine, t)
                ),
                Operation.Of(
                    "CreateChangeSet",
                    json.CreateChangeSetRequest,
                    json.CreateChangeSetResponse,
                    (r, c, t) => CreateChangeSet.Run(r, c, engine, t)
                ),
                Operation.Of(
                    "DescribeChangeSet",
                    json.DescribeChangeSetRequest,
                    json.DescribeChangeSetResponse,
                    (r, c) => DescribeChangeSet.Run(r, c, store)
                ),
                Operation.Of(
                    "ExecuteChangeSet",
                    json.ExecuteChangeSetRequest,
                    json.EmptyResponse,
                    (r, c, _) => ExecuteChangeSet.Run(r, c, engine)
                ),
                Operation.Of(
                    "DeleteChangeSet",
                    json.DeleteChangeSetRequest,
                    json.EmptyResponse,
                    (r, c, _) => DeleteChangeSet.Run(r, c, store)
                ),
                Operation.Of(
                    "ListChangeSets",
                    json.ListChangeSetsRequest,
                    json.ListChangeSetsResponse,
                    (r, c) => ListChangeSets.Run(r, c, store)
                ),
                Operation.Of(
                    "UpdateTerminationProtection",
                    json.UpdateTerminationProtectionRequest,
                    json.StackIdResponse,
                    (r, c, _) => UpdateTerminationProtection.Run(r, c, store)
                ),
                Operation.Of("SetStackPolicy", json.SetStackPolicyRequest, (r, c, t) => SetStackPolicy.Run(r, c, engine, t)),
                Operation.Of(
                    "GetStackPolicy",
                    json.GetStackPolicyRequest,
                    json.GetStackPolicyResponse,
                    (r, c) => GetStackPolicy.Run(r, c, store)
                ),
                Operation.Of("CancelUpdateStack", json.CancelUpdateStackRequest, (r, c, _) => CancelUpdateStack.Run(r, c, engine)),
                Operation.Of(
                    "ContinueUpdateRollback",
                    json.ContinueUpdateRollbackRequest,
                    json.EmptyResponse,
                    (r, c, _) => ContinueUpdateRollback.Run(r, c, engine)
                ),
                Operation.Of("SignalResource", json.SignalResourceRequest, (r, c, _) => SignalResource.Run(r, c, store, signals, engine)),
                Operation.Of("ListExports", json.ListExportsRequest, json.ListExportsResponse, (r, c) => ListExports.Run(r, c, store)),
                Operation.Of("ListImports", json.ListImportsRequest, json.ListImportsResponse, (r, c) => ListImports.Run(r, c, store)),
            ]
        )
        {
            SdkName = "cloudformation",
            Rights = new StackRights(store).Of,
            SdkErrorPrefix = "CloudFormation",
            Protocols = Protocols.Query,
            XmlNamespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/",
        };
    }

    public AwsService Service { get; }

    /// <summary>Every resource type, by its name.</summary>
    public IReadOnlyDictionary<string, IResource> Types { get; }

    public override IEnumerable<AwsService> Services => [Service];

    public override IEnumerable<AdminEndpoint> AdminEndpoints { get; }

    public override void Start() => engine.Resume();

    public override void Reset(Transaction transaction, string account) => StackStore.Reset(transaction, account);

    public override async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
