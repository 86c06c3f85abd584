using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record CreateApiDestinationRequest(
    string? Name,
    string? Description,
    string? ConnectionArn,
    string? InvocationEndpoint,
    string? HttpMethod,
    int? InvocationRateLimitPerSecond
);

public sealed record ApiDestinationRequest(string? Name);

/// <summary>What creating or changing an API destination answers.</summary>
public sealed record ApiDestinationResponse(
    string ApiDestinationArn,
    string ApiDestinationState,
    DateTimeOffset CreationTime,
    DateTimeOffset LastModifiedTime
);

public sealed record ApiDestinationEntry(
    string ApiDestinationArn,
    string Name,
    string? Description,
    string ApiDestinationState,
    string ConnectionArn,
    string InvocationEndpoint,
    string HttpMethod,
    int InvocationRateLimitPerSecond,
    DateTimeOffset CreationTime,
    DateTimeOffset LastModifiedTime
);

public sealed record ListApiDestinationsRequest(string? NamePrefix, string? ConnectionArn, string? NextToken, int? Limit);

public sealed record ListApiDestinationsResponse(IReadOnlyList<ApiDestinationEntry> ApiDestinations, string? NextToken);

/// <summary>HTTP endpoints outside AWS, with the connection that authorizes calls to them. They are stored; a rule cannot have one as a target yet.</summary>
/// <remarks>https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html; answers as recorded on AWS 06-12-2024.</remarks>
internal sealed partial class ApiDestinations(Rules rules)
{
    private const string ConnectionPattern =
        @"^arn:aws([a-z]|\-)*:events:([a-z]|\d|\-)*:([0-9]{12})?:connection\/[\.\-_A-Za-z0-9]+\/[\-A-Za-z0-9]+$";
    private const string EndpointPattern = @"^((%[0-9A-Fa-f]{2}|[-()_.!~*';/?:@\x26=+$,A-Za-z0-9])+)([).!';/?:,])?$";

    public Task<ApiDestinationResponse> Create(CreateApiDestinationRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request, isNew: true);
        var connection = ConnectionOf(request.ConnectionArn!, caller.Scope);
        var name = request.Name!;
        return rules.Database.Write(transaction =>
        {
            if (rules.Bus.Destinations.Get(transaction, caller.Scope, name) is not null)
            {
                throw new AwsException("ResourceAlreadyExistsException", $"An api-destination '{name}' already exists.");
            }

            var now = rules.Bus.Now;
            var made = new ApiDestination
            {
                Name = name,
                Arn = Arn.Of("events", caller.Scope, $"api-destination/{name}/{Guid.NewGuid()}"),
                Description = request.Description,
                ConnectionArn = connection.Arn,
                InvocationEndpoint = request.InvocationEndpoint!,
                HttpMethod = request.HttpMethod!,
                Rate = request.InvocationRateLimitPerSecond ?? 300,
                Created = now,
                Modified = now,
            };
            rules.Bus.Destinations.Put(transaction, caller.Scope, name, made);
            return Answer(made, caller.Scope);
        });
    }

    public ApiDestinationEntry Describe(ApiDestinationRequest request, Caller caller) =>
        Entry(Find(request.Name, caller.Scope), caller.Scope);

    public Task<ApiDestinationResponse> Update(CreateApiDestinationRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request, isNew: false);
        var before = Find(request.Name, caller.Scope);
        var connection = request.ConnectionArn is { } arn ? ConnectionOf(arn, caller.Scope).Arn : null;
        return rules.Database.Write(transaction =>
        {
            var found = rules.Bus.Destinations.Get(transaction, caller.Scope, before.Name) ?? throw NotFound(before.Name);
            var after = found with
            {
                Description = request.Description ?? found.Description,
                ConnectionArn = connection ?? found.ConnectionArn,
                InvocationEndpoint = request.InvocationEndpoint ?? found.InvocationEndpoint,
                HttpMethod = request.HttpMethod ?? found.HttpMethod,
                Rate = request.InvocationRateLimitPerSecond ?? found.Rate,
                Modified = rules.Bus.Now,
            };
            rules.Bus.Destinations.Put(transaction, caller.Scope, after.Name, after);
            return Answer(after, caller.Scope);
        });
    }

    public async Task<EmptyResponse> Delete(ApiDestinationRequest request, Caller caller, CancellationToken cancellation)
    {
        var found = Find(request.Name, caller.Scope);
        await rules
            .Database.Write(transaction => rules.Bus.Destinations.Remove(transaction, caller.Scope, found.Name))
            .ConfigureAwait(false);
        return new EmptyResponse();
    }

    public ListApiDestinationsResponse List(ListApiDestinationsRequest request, Caller caller)
    {
        var found = rules
            .Bus.Destinations.List(caller.Scope)
            .Values.Where(each => request.NamePrefix is not { } prefix || each.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Where(each => request.ConnectionArn is not { } arn || each.ConnectionArn == arn);
        var (page, next) = rules
            .Lists.Of("ListApiDestinations", caller.Scope)
            .Page(found, each => each.Name, EventsErrors.PageSize(request.Limit), request.NextToken);
        return new([.. page.Select(each => Entry(each, caller.Scope) with { Description = null })], next);
    }

    private ApiDestination Find(string? name, Scope scope)
    {
        EventsErrors.Name(name, "name", 64);
        return rules.Bus.Destinations.Get(scope, name!) ?? throw NotFound(name!);
    }

    private Connection ConnectionOf(string arn, Scope scope) =>
        rules.Bus.Connections.List(scope).Values.FirstOrDefault(each => each.Arn == arn)
        ?? throw EventsErrors.NotFound($"Connection '{arn}' does not exist.");

    private static void Check(CreateApiDestinationRequest request, bool isNew)
    {
        var wrong = new Violations();
        wrong.Name(request.Name, "name", 64);
        wrong.Longest(request.Description, "description", 512);
        if (isNew || request.ConnectionArn is not null)
        {
            wrong.Matches(request.ConnectionArn, "connectionArn", ConnectionArn(), ConnectionPattern);
        }

        if (isNew || request.InvocationEndpoint is not null)
        {
            wrong.Matches(request.InvocationEndpoint, "invocationEndpoint", Endpoint(), EndpointPattern);
        }

        if (isNew || request.HttpMethod is not null)
        {
            wrong.OneOf(request.HttpMethod, "httpMethod", "HEAD", "POST", "PATCH", "DELETE", "PUT", "GET", "OPTIONS");
        }

        wrong.Between(request.InvocationRateLimitPerSecond, "invocationRateLimitPerSecond", 1, int.MaxValue);
        wrong.Check();
    }

    /// <summary>Active while its connection is authorized.</summary>
    private string StateOf(ApiDestination each, Scope scope) =>
        rules.Bus.Connections.List(scope).Values.Any(one => one.Arn == each.ConnectionArn && one.State == Connection.Authorized)
            ? "ACTIVE"
            : "INACTIVE";

    private ApiDestinationResponse Answer(ApiDestination each, Scope scope) =>
        new(each.Arn, StateOf(each, scope), each.Created, each.Modified);

    private ApiDestinationEntry Entry(ApiDestination each, Scope scope) =>
        new(
            each.Arn,
            each.Name,
            each.Description,
            StateOf(each, scope),
            each.ConnectionArn,
            each.InvocationEndpoint,
            each.HttpMethod,
            each.Rate,
            each.Created,
            each.Modified
        );

    private static AwsException NotFound(string name) =>
        EventsErrors.NotFound($"Failed to describe the api-destination(s). An api-destination '{name}' does not exist.");

    [GeneratedRegex(ConnectionPattern + @"\z")]
    private static partial Regex ConnectionArn();

    [GeneratedRegex(EndpointPattern + @"\z")]
    private static partial Regex Endpoint();
}
