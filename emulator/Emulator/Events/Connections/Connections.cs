using System.Text.Json;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record CreateConnectionRequest(
    string? Name,
    string? Description,
    string? AuthorizationType,
    ConnectionAuth? AuthParameters,
    JsonElement? InvocationConnectivityParameters,
    string? KmsKeyIdentifier
);

public sealed record ConnectionRequest(string? Name);

/// <summary>What creating, changing or deleting a connection answers.</summary>
public sealed record ConnectionResponse(
    string ConnectionArn,
    string ConnectionState,
    DateTimeOffset CreationTime,
    DateTimeOffset LastModifiedTime,
    DateTimeOffset? LastAuthorizedTime
);

public sealed record DescribeConnectionResponse(
    string ConnectionArn,
    string Name,
    string? Description,
    string ConnectionState,
    string AuthorizationType,
    string SecretArn,
    ConnectionAuth AuthParameters,
    DateTimeOffset CreationTime,
    DateTimeOffset LastModifiedTime,
    DateTimeOffset LastAuthorizedTime
);

public sealed record ListConnectionsRequest(string? NamePrefix, string? ConnectionState, string? NextToken, int? Limit);

public sealed record ListConnectionsResponse(IReadOnlyList<ConnectionEntry> Connections, string? NextToken);

public sealed record ConnectionEntry(
    string ConnectionArn,
    string Name,
    string ConnectionState,
    string AuthorizationType,
    DateTimeOffset CreationTime,
    DateTimeOffset LastModifiedTime,
    DateTimeOffset LastAuthorizedTime
);

/// <summary>How API destinations authorize themselves: a connection is kept here, and what is secret of it in a secret.</summary>
/// <remarks>https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html; answers as recorded on AWS 06-12-2024.</remarks>
internal sealed class Connections(Rules rules, SecretKeeper secrets)
{
    public async Task<ConnectionResponse> Create(CreateConnectionRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request, isNew: true);
        var name = request.Name!;
        if (rules.Bus.Connections.Get(caller.Scope, name) is not null)
        {
            throw Exists(name);
        }

        var auth = request.AuthParameters!;
        var secret = await secrets
            .Create($"events!connection/{name}/{Guid.NewGuid()}", ConnectionSecret.Of(auth), caller)
            .ConfigureAwait(false);
        var now = rules.Bus.Now;
        var connection = new Connection
        {
            Name = name,
            Arn = Arn.Of("events", caller.Scope, $"connection/{name}/{Guid.NewGuid()}"),
            AuthorizationType = request.AuthorizationType!,
            Description = request.Description,
            Auth = auth.Shown(),
            SecretArn = secret,
            Created = now,
            Modified = now,
        };
        var isFirst = await rules
            .Database.Write(transaction =>
            {
                if (rules.Bus.Connections.Get(transaction, caller.Scope, name) is not null)
                {
                    return false;
                }

                rules.Bus.Connections.Put(transaction, caller.Scope, name, connection);
                return true;
            })
            .ConfigureAwait(false);
        if (!isFirst)
        {
            await secrets.Delete(secret, caller).ConfigureAwait(false);
            throw Exists(name);
        }

        return Answer(connection) with
        {
            LastAuthorizedTime = null,
        };
    }

    public DescribeConnectionResponse Describe(ConnectionRequest request, Caller caller)
    {
        var found = Find(request.Name, caller.Scope);
        return new(
            found.Arn,
            found.Name,
            found.Description,
            found.State,
            found.AuthorizationType,
            found.SecretArn,
            found.Auth,
            found.Created,
            found.Modified,
            found.Modified
        );
    }

    public async Task<ConnectionResponse> Update(CreateConnectionRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request, isNew: false);
        var before = Find(request.Name, caller.Scope);
        if (request.AuthParameters is { } given)
        {
            await secrets.Change(before.SecretArn, ConnectionSecret.Of(given), caller).ConfigureAwait(false);
        }

        return await rules
            .Database.Write(transaction =>
            {
                var found = rules.Bus.Connections.Get(transaction, caller.Scope, before.Name) ?? throw NotFound(before.Name);
                var after = found with
                {
                    Description = request.Description ?? found.Description,
                    AuthorizationType = request.AuthorizationType ?? found.AuthorizationType,
                    Auth = request.AuthParameters?.Shown() ?? found.Auth,
                    Modified = rules.Bus.Now,
                };
                rules.Bus.Connections.Put(transaction, caller.Scope, after.Name, after);
                return Answer(after);
            })
            .ConfigureAwait(false);
    }

    public async Task<ConnectionResponse> Delete(ConnectionRequest request, Caller caller, CancellationToken cancellation)
    {
        var found = Find(request.Name, caller.Scope);
        await rules
            .Database.Write(transaction => rules.Bus.Connections.Remove(transaction, caller.Scope, found.Name))
            .ConfigureAwait(false);
        await secrets.Delete(found.SecretArn, caller).ConfigureAwait(false);
        return Answer(found) with { ConnectionState = "DELETING" };
    }

    public ListConnectionsResponse List(ListConnectionsRequest request, Caller caller)
    {
        var found = rules
            .Bus.Connections.List(caller.Scope)
            .Values.Where(each => request.NamePrefix is not { } prefix || each.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Where(each => request.ConnectionState is not { } state || each.State == state);
        var (page, next) = rules
            .Lists.Of("ListConnections", caller.Scope)
            .Page(found, each => each.Name, EventsErrors.PageSize(request.Limit), request.NextToken);
        return new(
            [
                .. page.Select(each => new ConnectionEntry(
                    each.Arn,
                    each.Name,
                    each.State,
                    each.AuthorizationType,
                    each.Created,
                    each.Modified,
                    each.Modified
                )),
            ],
            next
        );
    }

    private Connection Find(string? name, Scope scope)
    {
        EventsErrors.Name(name, "name", 64);
        return rules.Bus.Connections.Get(scope, name!) ?? throw NotFound(name!);
    }

    private static void Check(CreateConnectionRequest request, bool isNew)
    {
        var wrong = new Violations();
        wrong.Name(request.Name, "name", 64);
        wrong.Longest(request.Description, "description", 512);
        if (isNew || request.AuthorizationType is not null)
        {
            wrong.OneOf(request.AuthorizationType, "authorizationType", "BASIC", "OAUTH_CLIENT_CREDENTIALS", "API_KEY");
        }

        wrong.Check();
        if (request.InvocationConnectivityParameters is { ValueKind: JsonValueKind.Object })
        {
            throw AwsException.NotImplemented("the parameter InvocationConnectivityParameters of a connection");
        }

        if (!string.IsNullOrEmpty(request.KmsKeyIdentifier))
        {
            throw AwsException.NotImplemented("the parameter KmsKeyIdentifier of a connection");
        }

        if (request.AuthParameters is { } auth)
        {
            var (member, isThere) = request.AuthorizationType switch
            {
                "BASIC" => ("BasicAuthParameters", auth.BasicAuthParameters is not null),
                "API_KEY" => ("ApiKeyAuthParameters", auth.ApiKeyAuthParameters is not null),
                "OAUTH_CLIENT_CREDENTIALS" => ("OAuthParameters", auth.OAuthParameters is not null),
                _ => ("", true),
            };
            if (!isThere)
            {
                throw EventsErrors.Validation($"Authorization type {request.AuthorizationType} requires {member}.");
            }
        }
        else if (isNew)
        {
            throw EventsErrors.Validation(
                "1 validation error detected: Value null at 'authParameters' failed to satisfy constraint: Member must not be null"
            );
        }
    }

    private static ConnectionResponse Answer(Connection each) => new(each.Arn, each.State, each.Created, each.Modified, each.Modified);

    private static AwsException NotFound(string name) =>
        EventsErrors.NotFound($"Failed to describe the connection(s). Connection '{name}' does not exist.");

    private static AwsException Exists(string name) => new("ResourceAlreadyExistsException", $"Connection {name} already exists.");
}
