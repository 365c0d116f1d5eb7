using AkkaLb.Dashboard.Runs;
using AkkaLb.Domain;
using Microsoft.AspNetCore.Components;

namespace AkkaLb.Dashboard.Components;

/// <summary>A page of one run.</summary>
public abstract class RunPage : LivePage
{
    private int _version = -1;

    /// <summary>Of the run, as the list of runs has it.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    internal RunCatalog Catalog { get; set; } = null!;

    /// <summary>Null: it cannot be shown, and the problem says why.</summary>
    internal RunFiles? Run { get; private set; }

    protected override Task<bool> LookAsync()
    {
        if (Run?.Id != Id)
        {
            (Run, _version) = (null, -1);
            Run = Catalog.Find(Id) ?? throw new InvalidInputException(
                $"{Id}: there is no such run; the list of runs has those that there are");
        }
        int version = Run.Refresh();
        bool isNew = version != _version;
        _version = version;
        return Task.FromResult(isNew);
    }
}
