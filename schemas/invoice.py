"""An invoice or credit note. Copy this file and change it as you like."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from docextract import Aliases, Audit


class Party(BaseModel):
    """One side of the invoice."""

    name: Annotated[
        str | None,
        Field(title="Name", description="Name of the company or person as printed, legal form included."),
        Aliases("Name", "Company", "Firma", "Nom", "Société", "Nombre", "Empresa", "Nome", "Ragione sociale",
                "Naam"),
    ] = None  # fmt: skip
    address: Annotated[
        str | None,
        Field(title="Address", description="Street, postcode, town and country, in one line."),
        Aliases("Address", "Anschrift", "Adresse", "Dirección", "Domicilio", "Indirizzo", "Adres"),
    ] = None
    vat_id: Annotated[
        str | None,
        Field(title="VAT ID", description="VAT identification number with its country code, else the tax number."),
        Aliases("VAT ID", "VAT No.", "VAT Reg No", "Tax ID", "GST No", "USt-IdNr.", "USt-ID", "UID",
                "Umsatzsteuer-ID", "Steuernummer", "N° TVA", "TVA intracommunautaire", "NIF", "CIF", "NIF/CIF",
                "P.IVA", "Partita IVA", "BTW-nr."),
        Audit.check_digits("vat_id"),
    ] = None  # fmt: skip


class Line(BaseModel):
    """One line of the invoice's table."""

    description: Annotated[
        str | None,
        Field(title="Description", description="What was delivered or done, as printed."),
        Aliases("Description", "Item", "Service", "Product", "Bezeichnung", "Beschreibung", "Leistung", "Artikel",
                "Désignation", "Libellé", "Descripción", "Concepto", "Descrizione", "Omschrijving"),
    ] = None  # fmt: skip
    quantity: Annotated[
        Decimal | None,
        Field(title="Quantity", description="How many."),
        Aliases("Quantity", "Qty", "Hours", "Menge", "Anzahl", "Anz.", "Quantité", "Qté", "Cantidad", "Cant.",
                "Quantità", "Q.tà", "Aantal"),
    ] = None  # fmt: skip
    unit: Annotated[
        str | None,
        Field(title="Unit", description="Unit of the quantity as printed, for instance pcs, h, kg."),
        Aliases("Unit", "UoM", "Einheit", "ME", "Unité", "Unidad", "Ud.", "Unità", "U.M.", "Eenheid"),
    ] = None
    unit_price: Annotated[
        Decimal | None,
        Field(title="Unit price", description="Price of one unit before tax."),
        Aliases("Unit price", "Price", "Rate", "Einzelpreis", "E-Preis", "Preis", "Prix unitaire", "P.U.", "P.U. HT",
                "Precio unitario", "Precio", "Prezzo unitario", "Prezzo", "Prijs", "Stukprijs", "Eenheidsprijs"),
    ] = None  # fmt: skip
    net_amount: Annotated[
        Decimal | None,
        Field(title="Net amount", description="Amount of the line before tax."),
        Aliases("Amount", "Net amount", "Line total", "Total", "Betrag", "Gesamtpreis", "Nettobetrag", "Gesamt",
                "Montant", "Montant HT", "Total HT", "Importe", "Importo", "Imponibile", "Bedrag", "Totaal"),
    ] = None  # fmt: skip
    tax_rate: Annotated[
        Decimal | None,
        Field(title="Tax rate", description="Tax rate of the line in percent: 19 for 19 %."),
        Aliases("VAT", "VAT %", "Tax", "Tax rate", "GST", "MwSt", "MwSt. %", "USt", "USt %", "TVA", "Taux TVA",
                "IVA", "% IVA", "BTW", "BTW %"),
    ] = None  # fmt: skip


class Invoice(BaseModel):
    """An invoice, credit note or bill: who asks whom for how much, for what and until when."""

    model_config = ConfigDict(json_schema_extra={"x-reader": "fields"})

    number: Annotated[
        str | None,
        Field(title="Invoice number", description="Number of the invoice or credit note as printed."),
        Aliases("Invoice number", "Invoice No.", "Invoice #", "Credit note No.", "Bill No.", "Rechnungsnummer",
                "Rechnungs-Nr.", "Rechnung Nr.", "Gutschrift Nr.", "Belegnummer", "Facture n°", "Numéro de facture",
                "N° facture", "Factura nº", "Número de factura", "Fattura n.", "Numero fattura", "Factuurnummer",
                "Factuurnr."),
    ] = None  # fmt: skip
    issue_date: Annotated[
        date | None,
        Field(title="Issue date", description="Day on which the invoice was issued."),
        Aliases("Invoice date", "Date of issue", "Issue date", "Date", "Rechnungsdatum", "Belegdatum",
                "Ausstellungsdatum", "Datum", "Date de facture", "Date d'émission", "Fecha de factura",
                "Fecha de emisión", "Fecha", "Data fattura", "Data", "Factuurdatum"),
    ] = None  # fmt: skip
    due_date: Annotated[
        date | None,
        Field(title="Due date", description="Day until which it is to be paid, where a date is printed."),
        Aliases("Due date", "Payment due", "Pay by", "Fällig am", "Fälligkeitsdatum", "Zahlbar bis", "Zahlungsziel",
                "Date d'échéance", "Échéance", "Fecha de vencimiento", "Vencimiento", "Data di scadenza", "Scadenza",
                "Vervaldatum", "Betalen voor"),
        Audit.not_before("issue_date"),
    ] = None  # fmt: skip
    seller: Annotated[
        Party | None,
        Field(title="Seller", description="Who issues the invoice and is paid."),
        Aliases("Seller", "From", "Supplier", "Vendor", "Verkäufer", "Rechnungssteller", "Lieferant", "Vendeur",
                "Fournisseur", "Émetteur", "Vendedor", "Proveedor", "Emisor", "Venditore", "Fornitore", "Cedente",
                "Leverancier", "Verkoper"),
    ] = None  # fmt: skip
    buyer: Annotated[
        Party | None,
        Field(title="Buyer", description="Who is billed."),
        Aliases("Buyer", "Bill to", "Billed to", "Invoice to", "Sold to", "Customer", "Client", "Käufer", "Kunde",
                "Rechnungsempfänger", "Rechnung an", "Acheteur", "Facturé à", "Destinataire", "Comprador", "Cliente",
                "Facturar a", "Acquirente", "Destinatario", "Klant", "Koper"),
    ] = None  # fmt: skip
    currency: Annotated[
        str | None,
        Field(
            title="Currency",
            description="ISO 4217 code, from the code or sign printed with the amounts.",
            pattern=r"^[A-Z]{3}$",
        ),
        Aliases("Currency", "Währung", "Devise", "Moneda", "Divisa", "Valuta"),
    ] = None
    lines: Annotated[
        list[Line],
        Field(title="Lines", description="Every line of the invoice's table in order, without subtotals and totals."),
        Aliases("Lines", "Items", "Positionen", "Leistungen", "Lignes", "Líneas", "Conceptos", "Righe", "Regels"),
        Audit.adds_up("net_amount", "net_total", "grand_total"),
    ] = []
    net_total: Annotated[
        Decimal | None,
        Field(title="Net total", description="Sum before tax, after discounts and charges."),
        Aliases("Net total", "Subtotal", "Sub total", "Total excl. VAT", "Net amount", "Nettobetrag", "Summe netto",
                "Gesamt netto", "Zwischensumme", "Total HT", "Montant HT", "Base imponible", "Subtotal sin IVA",
                "Imponibile", "Totale imponibile", "Subtotaal", "Totaal excl. btw"),
    ] = None  # fmt: skip
    tax_total: Annotated[
        Decimal | None,
        Field(title="Tax total", description="Tax in all."),
        Aliases("Tax", "Total tax", "VAT", "VAT amount", "Sales tax", "GST", "MwSt", "MwSt.-Betrag", "USt",
                "Umsatzsteuer", "Steuerbetrag", "Summe MwSt", "TVA", "Total TVA", "Montant TVA", "IVA", "Cuota IVA",
                "Total IVA", "Imposta", "BTW", "BTW-bedrag"),
    ] = None  # fmt: skip
    grand_total: Annotated[
        Decimal | None,
        Field(title="Grand total", description="Sum with tax."),
        Aliases("Grand total", "Total", "Invoice total", "Total incl. VAT", "Gross amount", "Gesamtbetrag",
                "Rechnungsbetrag", "Bruttobetrag", "Summe brutto", "Gesamt brutto", "Endbetrag", "Total TTC",
                "Montant TTC", "Total factura", "Importe total", "Totale fattura", "Totale documento", "Totale",
                "Totaal", "Totaal incl. btw", "Factuurbedrag"),
        Audit.sum_of("net_total", "tax_total"),
    ] = None  # fmt: skip
    amount_due: Annotated[
        Decimal | None,
        Field(title="Amount due", description="What is left to pay after advances; null where not printed apart."),
        Aliases("Amount due", "Balance due", "Total due", "Amount payable", "Zahlbetrag", "Zu zahlen",
                "Offener Betrag", "Restbetrag", "Net à payer", "Reste à payer", "Total a pagar", "Importe pendiente",
                "Netto a pagare", "Totale da pagare", "Te betalen", "Openstaand bedrag"),
    ] = None  # fmt: skip
    iban: Annotated[
        str | None,
        Field(title="IBAN", description="Account to pay to."),
        Aliases("IBAN", "Account", "Bankverbindung", "Konto", "Compte", "Cuenta", "Conto", "Rekening"),
        Audit.check_digits("iban"),
    ] = None
    purchase_order: Annotated[
        str | None,
        Field(title="Purchase order", description="The buyer's order number as printed."),
        Aliases("Purchase order", "PO number", "P.O. No.", "PO #", "Order number", "Your order", "Bestellnummer",
                "Bestell-Nr.", "Auftragsnummer", "Ihre Bestellung", "Bon de commande", "N° de commande",
                "Número de pedido", "Pedido", "Ordine d'acquisto", "N. ordine", "Ordernummer", "Bestelnummer"),
    ] = None  # fmt: skip
