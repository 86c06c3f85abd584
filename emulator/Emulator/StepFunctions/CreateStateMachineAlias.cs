using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.StepFunctions;

internal sealed record CreateStateMachineAliasRequest
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<Route>? RoutingConfiguration { get; init; }
}

internal sealed record CreateStateMachineAliasResponse(string StateMachineAliasArn, DateTimeOffset CreationDate);

/// <summary>Creates an alias; the same again answers as the first time.</summary>
internal sealed partial class CreateStateMachineAlias(Database database, StateMachineVersions versions, Clock clock)
{
    private const string Pattern = @"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$";

    public Task<CreateStateMachineAliasResponse> Run(CreateStateMachineAliasRequest request, Caller caller, CancellationToken cancellation)
    {
        var alias = Checked(request);
        return database.Write(transaction =>
        {
            var made = Placed(transaction, alias);
            if (versions.Alias(transaction, made.Arn) is not { } existing)
            {
                versions.Put(transaction, made);
                return new CreateStateMachineAliasResponse(made.Arn, made.Created);
            }

            return existing.Description == made.Description && existing.Routes.SequenceEqual(made.Routes)
                ? new CreateStateMachineAliasResponse(existing.Arn, existing.Created)
                : throw StepFunctionsErrors.Conflict(
                    "Failed to create alias because an alias with the same name and a different routing configuration already exists."
                );
        });
    }

    /// <summary>An alias for a stack: one that is there already belongs to somebody else, unless the same step created it.</summary>
    /// <remarks>CreateHandler.java of github.com/aws-cloudformation/aws-cloudformation-resource-providers-stepfunctions.</remarks>
    public Task<AliasDocument> RunOnce(CreateStateMachineAliasRequest request, string token)
    {
        var alias = Checked(request) with { Token = token };
        return database.Write(transaction =>
        {
            var made = Placed(transaction, alias);
            if (versions.Alias(transaction, made.Arn) is not { } existing)
            {
                versions.Put(transaction, made);
                return made;
            }

            return existing.Token == token
                ? existing
                : throw new AwsException(
                    "AlreadyExists",
                    $"Resource of type 'AWS::StepFunctions::StateMachineAlias' with identifier '{existing.Arn}' already exists."
                );
        });
    }

    private AliasDocument Checked(CreateStateMachineAliasRequest request)
    {
        var name = CheckName(request.Name);
        PublishStateMachineVersion.CheckDescription(request.Description, "description");
        var routes = CheckRoutes(request.RoutingConfiguration);
        var now = clock.GetUtcNow();
        return new AliasDocument
        {
            Arn = "",
            Machine = "",
            Name = name,
            Description = request.Description,
            Routes = routes,
            Created = now,
            Updated = now,
        };
    }

    private AliasDocument Placed(Transaction transaction, AliasDocument alias)
    {
        var machine = MachineOf(transaction, versions, alias.Routes);
        return alias with { Machine = machine, Arn = StateMachines.Qualified(machine, alias.Name) };
    }

    /// <summary>One version or two of one machine, with weights that are 100 together; in AWS's words where it is not so.</summary>
    public static IReadOnlyList<Route> CheckRoutes(IReadOnlyList<Route>? routes)
    {
        if (routes is null)
        {
            throw StepFunctionsErrors.Missing("routingConfiguration");
        }

        if (routes.Count is 0 or > 2)
        {
            var items = routes.Select(route =>
                $"RoutingConfigurationListItem(stateMachineVersionArn={route.StateMachineVersionArn}, weight={route.Weight})"
            );
            throw StepFunctionsErrors.Invalid(
                $"1 validation error detected: Value '[{string.Join(", ", items)}]' at 'routingConfiguration' failed to satisfy constraint: "
                    + "Member must have length "
                    + (routes.Count == 0 ? "greater than or equal to 1" : "less than or equal to 2")
            );
        }

        for (var i = 0; i < routes.Count; i++)
        {
            var member = $"routingConfiguration.{i + 1}.member.";
            _ = routes[i].StateMachineVersionArn ?? throw StepFunctionsErrors.Missing(member + "stateMachineVersionArn");
            var weight = routes[i].Weight ?? throw StepFunctionsErrors.Missing(member + "weight");
            if (weight is < 0 or > 100)
            {
                throw StepFunctionsErrors.OutOfRange(weight, member + "weight", 0, 100);
            }
        }

        if (routes.Count == 2 && routes[0].StateMachineVersionArn == routes[1].StateMachineVersionArn)
        {
            throw StepFunctionsErrors.Invalid(
                $"Routing configuration must contain distinct state machine version ARNs. Received: {Listed(routes)}"
            );
        }

        if (routes.Sum(route => route.Weight) != 100)
        {
            throw StepFunctionsErrors.Invalid(
                $"Sum of routing configuration weights must equal 100. Received: [{string.Join(", ", routes.Select(route => route.Weight))}]"
            );
        }

        return routes.All(route => StateMachines.QualifierOf(route.StateMachineVersionArn) is { } number && number.All(char.IsAsciiDigit))
            ? routes
            : throw NoVersions(routes);
    }

    /// <summary>The machine that has all the versions.</summary>
    public static string MachineOf(Transaction transaction, StateMachineVersions versions, IReadOnlyList<Route> routes)
    {
        var found = routes.Select(route =>
            versions.Version(transaction, route.StateMachineVersionArn)?.Machine ?? throw StepFunctionsErrors.NoSuchResource()
        );
        return found.Distinct().ToList() is [var one] ? one : throw NoVersions(routes);
    }

    private static AwsException NoVersions(IReadOnlyList<Route> routes) =>
        StepFunctionsErrors.Invalid($"Routing configuration must contain state machine version ARNs. Received: {Listed(routes)}");

    private static string Listed(IReadOnlyList<Route> routes) =>
        $"[{string.Join(", ", routes.Select(route => route.StateMachineVersionArn))}]";

    private static string CheckName(string? name) =>
        name is null ? throw StepFunctionsErrors.Missing("name")
        : name.Length > 80 ? throw StepFunctionsErrors.TooLong(name, "name", 80)
        : Names().IsMatch(name) ? name
        : throw StepFunctionsErrors.Invalid(
            $"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: "
                + $"Member must satisfy regular expression pattern: {Pattern}"
        );

    [GeneratedRegex(@"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+\z")]
    private static partial Regex Names();
}
